/*
 * Pairing and signing in, in Japanese.
 */
import type { SignInWords } from "./words.ts";

export const JA: SignInWords = {
  lang: "ja",
  otherLanguage: "English",
  kinds: {
    iphone: "iPhone",
    ipad: "iPad",
    android: "Androidスマートフォン",
    mac: "Mac",
    windows: "Windowsパソコン",
    chromeos: "Chromebook",
    linux: "Linuxパソコン",
    other: "端末",
  },
  roles: { owner: "所有者", member: "家族", guest: "ゲスト" },
  pair: {
    title: (app) => (app === undefined ? "どなたですか" : "ここから先は家の人だけです"),
    lead: (app) =>
      app === undefined
        ? "お知らせした6桁の数字を入力してください。一度入力すれば玄関がこの端末を覚え、どのアプリもそのまま開きます。"
        : [
            <b>{app}</b>,
            " を開けるのは、玄関が知っている端末だけです。お知らせした6桁の数字を一度入力すると、この端末もその一つになります。",
          ],
    digits: "6桁の数字",
    name: "この端末の名前",
    button: "この端末を登録する",
    or: "または",
    whence: {
      title: "数字はどこにありますか",
      says: [
        "所有者の端末で、玄関の最初のページから",
        <b>ほかの端末を登録</b>,
        "を選ぶと表示されます。玄関が動いている機械のターミナルでは ",
        <code>genkan pair</code>,
        " です。",
      ],
    },
    first: [
      "まだ誰も登録されていないので、この端末が所有者になります。数字は ",
      <code>genkan up</code>,
      " を実行したターミナルにあります。新しい数字は ",
      <code>genkan pair</code>,
      " で表示できます。",
    ],
    warned: {
      says: "このページを開くときブラウザーが警告しましたか? それなら、まだ何も入力しないでください。",
      link: "先に、端末に玄関を信頼させる",
    },
    trouble: {
      "not-six": () => "数字は6桁です。間に空白があってもかまいません。",
      wrong: () => "数字が違います。もう一度確かめるか、新しい数字をもらってください。",
      expired: () =>
        "いま使える数字はありません。数字は10分間、1台にだけ使えます。新しい数字をもらってください。",
      "locked-here": (minutes) =>
        `このアドレスから違う数字が何度も届きました。${minutes}分後にもう一度試してください。`,
      "locked-all": (minutes) => [
        `違う数字が何度も届きました。${minutes}分後にもう一度試してください。玄関の機械で `,
        <code>genkan pair</code>,
        " を実行すれば、すぐに使えます。",
      ],
      "not-kept": () => [
        "数字は合っていますが、玄関が記録できなかったため、登録されていません。数字はまだ使えます。何が妨げているかは、玄関の機械で ",
        <code>genkan doctor</code>,
        " を実行すると分かります。",
      ],
    },
  },
  known: {
    title: "お入りください",
    says: (name) => ["玄関はこの端末を ", <b>{name}</b>, " として覚えました。"],
    asRole: {
      owner: "所有者の端末です。ほかの端末を登録したり、取り消したりできます。",
      member: "家の端末です。",
      guest: "ゲストの端末です。",
    },
    until: (when) => `滞在は${when}に終わります。`,
    going: (app) => `${app} へ進みます…`,
    goOn: (app) => `${app} へ進む`,
  },
  home: {
    title: "おかえりなさい",
    apps: "アプリ",
    noApps: ["まだアプリがありません。玄関の機械で: ", <code>genkan add NAME PORT</code>],
    up: "使えます",
    down: "応答なし",
    more: "玄関",
    devices: "端末",
    check: "この端末を確認する",
    steps: "端末に玄関を信頼させる方法",
    passkeys: "パスキー",
    signOut: "ログアウト",
  },
  devices: {
    title: "端末",
    lead: "登録されている端末です。取り消した端末は、開いているものも含めてすぐに締め出されます。",
    ownOnly: "玄関はこの端末をこのように覚えています。ほかの端末は所有者だけが見られます。",
    thisOne: "この端末",
    through: (name) => `${name} のパスキーで`,
    paired: "登録",
    seen: "最後の利用",
    address: "アドレス",
    apps: "使ったアプリ",
    none: "まだありません",
    ends: "終わり",
    ended: "滞在は終わりました。",
    rename: "名前を変える",
    newName: "新しい名前",
    save: "保存",
    revoke: "取り消す",
    pairAnother: "ほかの端末を登録",
    home: "玄関の最初のページ",
  },
  revoke: {
    title: (name) => `${name} を取り消しますか`,
    says: "すべてのアプリからすぐに締め出され、開いているものは閉じられます。もう一度登録するまで戻れません。",
    itself: "いまお使いの端末です。",
    withIt: (names) => `この端末のパスキーで入った端末も一緒に締め出されます: ${names}`,
    lastOwner: [
      "所有者の端末はこれだけです。取り消した後は、玄関の機械のターミナルから登録します: ",
      <code>genkan pair --owner</code>,
    ],
    button: "取り消す",
    back: "やめる",
  },
  invite: {
    title: "ほかの端末を登録",
    lead: "6桁の数字が表示されます。10分以内に、もう一方の端末で入力してください。",
    who: "どなたの端末ですか",
    stays: "家の人",
    guest: (days) => `ゲスト（${days}日間）`,
    owner: "所有者（ほかの端末も登録できます）",
    name: "名前（決めておく場合）",
    button: "数字を表示する",
  },
  invited: {
    title: "入ってもらう",
    says: "もう一方の端末で:",
    scan: "このコードを読み取り、端末が玄関を信頼していると表示されるまで、ページのとおりに進めてください。",
    label: "玄関の最初のページのアドレスとルート証明書のフィンガープリントを示すQRコード",
    type: (address) => [
      "次に ",
      <b class="address">{address}</b>,
      " を開き、この数字を入力してください。",
    ],
    good: "10分間、1台にだけ使えます。入れたくない人には教えないでください。",
    done: "端末を見る",
    another: "もう1台",
  },
  signOut: {
    title: "ログアウトしますか",
    says: "このブラウザーは、玄関とすべてのアプリにとって知らない相手になります。",
    back: "戻るには、パスキーか新しい数字が必要です。",
    button: "ログアウト",
    stay: "やめる",
    done: {
      title: "ログアウトしました",
      says: "玄関とアプリは、このブラウザーをもう知りません。",
      again: "もう一度入る",
    },
  },
  atApp: {
    failed: {
      title: "この入り方はもう使えません",
      says: "一度だけ、1分間、頼んだブラウザーでだけ使えます。繰り返し表示されるときは、このアドレスのCookieが保存されるか確かめてください。",
      again: "もう一度試す",
    },
    out: {
      title: (app) => `${app} からログアウトしました`,
      says: "玄関はこの端末を覚えているので、アプリを開けばまた入れます。",
      again: "もう一度開く",
      everywhere: "すべてからログアウト",
    },
  },
  kept: {
    title: "玄関が記録できませんでした",
    says: "何も変わっていません。何が妨げているかは、玄関の機械で genkan doctor を実行すると分かります。",
    again: "もう一度試す",
  },
};
