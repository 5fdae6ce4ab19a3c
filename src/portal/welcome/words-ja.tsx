/*
 * The welcome page in Japanese. Names of menus are written as the systems write them.
 */
import { japaneseSteps } from "./steps-ja.tsx";
import type { Vouching, Words } from "./words.ts";

export const JAPANESE: Words = {
  lang: "ja",
  otherLanguage: "English",
  devices: {
    iphone: "iPhone",
    ipad: "iPad",
    android: "Android",
    mac: "Mac",
    windows: "Windows",
    chromeos: "Chromebook",
    linux: "Linux",
  },
  title: (device) => (device === undefined ? "玄関へようこそ" : `この${NOUNS[device]}を玄関へ`),
  lead: "この家のアプリは、この玄関の奥にあります。通信は誰にも読まれず、書き換えられません。そのために、お使いの端末に一度だけ玄関を覚えてもらいます。",
  steps: japaneseSteps,
  download: { profile: "プロファイルを受け取る", root: "ルート証明書を受け取る" },
  open: {
    title: "これで終わりです",
    says: "玄関のアドレスを開いてください。警告なしに開けば成功です。",
    pairs: "続けて6桁の数字を入力すれば、玄関がこの端末を覚えます。",
    button: "玄関を開く",
  },
  choose: {
    title: "お使いの端末は?",
    others: "ほかの端末",
    maybeIpad:
      "iPadをお使いですか? iPadはMacと名乗ることがあります。こちらからiPadを選んでください。",
  },
  plate: {
    title: "この玄関で間違いありませんか",
    says: [
      "玄関が動いている機械で ",
      <code>genkan root</code>,
      " を実行すると、四つの単語が表示されます。次の単語と同じはずです。一つでも違えば別の玄関です。ここでやめてください。",
    ],
    proves: [
      "ページに書かれた単語だけでは何の証明にもなりません。玄関になりすます者は単語も写せるからです。証明になるのは、受け取った証明書について",
      <b>お使いの端末自身</b>,
      "が表示するフィンガープリントが、ターミナルの表示と一致することです。",
    ],
  },
  carried: {
    same: "読み取ったコードとこのページは、同じルート証明書を示しています。",
    differs: [
      <b>止まってください。読み取ったコードのルート証明書ではありません。</b>,
      "コードが古いか、別の誰かが玄関になりすましています。ここからは何もインストールせず、ターミナルのコードをもう一度読み取ってください。",
    ],
    fromCode: "コード",
  },
  vouches: { title: "この証明書が保証できるもの", says: vouches },
  firefox:
    "Firefoxは一度再起動してください。WindowsとMacではシステムの設定に、Linuxではスクリプトに従います。それでも警告が出るときは、設定 › プライバシーとセキュリティ › 証明書を表示 › 認証局証明書 › インポート（ウェブサイトの識別）。",
  firefoxAndroid: {
    title: "Firefoxでは、もう一つ",
    says: "設定 › Firefoxについて でロゴを何度かタップしてデバッグメニューを有効にし、設定 › Secret Settings › Use third party CA certificates をオンにします。Chromeなら不要です。",
  },
  installed: {
    title: "Genkanが入っている機械では",
    says: "一行ですべてのブラウザーに届き、指定したもの以外のルート証明書は拒みます。フィンガープリントはターミナルのものを使います。",
  },
  next: {
    title: "次の端末",
    says: "このコードを読み取るか、アドレスを入力してください。",
    label: "このページのアドレスとルート証明書のフィンガープリントを示すQRコード",
  },
  files: { title: "ファイル", der: "root.crt (DER)", pem: "root.pem" },
};

const NOUNS = {
  iphone: "iPhone",
  ipad: "iPad",
  android: "スマートフォン",
  mac: "Mac",
  windows: "パソコン",
  chromeos: "Chromebook",
  linux: "パソコン",
} as const;

function vouches({ names, hasAddresses, until }: Vouching) {
  const time = <time datetime={new Date(until).toISOString()}>{dayOf(until)}</time>;
  if (names === undefined) {
    return (
      <p>
        <b>このルート証明書には制限がありません。</b>
        鍵を持つ者は、これを信頼する端末に対して世界中のどのサイトにもなりすませます。有効期限は
        {time}です。
      </p>
    );
  }
  const addresses = hasAddresses ? "と、プライベートアドレス" : "";
  return (
    <>
      <p>
        {"保証できるのは "}
        {names.map((name, i) => [i === 0 ? "" : "、", <wbr />, name])}
        {` で終わる名前${addresses}だけです。鍵を誰が持っていても、銀行や店など、ほかのサイトは保証できません。有効期限は`}
        {time}です。
      </p>
      <p>
        {
          "何かを読んだり、入れたり、行き先を見たりすることはできません。やめるときは、入れた場所から削除してください。"
        }
      </p>
    </>
  );
}

function dayOf(milliseconds: number): string {
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("ja-JP", form).format(milliseconds);
}
