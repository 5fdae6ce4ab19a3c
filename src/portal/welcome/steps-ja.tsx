/*
 * The steps of every device, in Japanese.
 */
import type { Words } from "./words.ts";

export const japaneseSteps: Words["steps"] = {
  phoneProfile: {
    title: "プロファイルを受け取る",
    says: "Safariで開いてください。許可するか尋ねられたら「許可」を選びます。",
    picture: {
      shows: "question",
      lines: [
        "このWebサイトは構成プロファイルを",
        "ダウンロードしようとしています。",
        "許可しますか?",
      ],
      buttons: ["無視", "許可"],
    },
  },
  phoneInstall: {
    title: "インストールする",
    says: [
      "「設定」の",
      <b>ダウンロード済みのプロファイル</b>,
      "から",
      <b>インストール</b>,
      "を選びます。その前に、詳細 › 証明書でフィンガープリントを確かめてください。ターミナルの表示と同じはずです。",
    ],
    picture: {
      shows: "rows",
      title: "設定",
      rows: ["ダウンロード済みのプロファイル", "機内モード", "Wi-Fi"],
      marked: 0,
    },
  },
  phoneSwitch: {
    title: "オンにする",
    says: [
      "設定 › 一般 › 情報 › ",
      <b>証明書信頼設定</b>,
      "で、Genkan root をオンにします。これをしないと、証明書は入っていても使われません。",
    ],
    picture: {
      shows: "rows",
      title: "証明書信頼設定",
      rows: ["Genkan root"],
      marked: 0,
      isSwitch: true,
    },
  },
  macProfile: {
    title: "プロファイルを受け取る",
    says: "ダウンロードされ、確認を待っているとMacが知らせます。",
  },
  macInstall: {
    title: "インストールする",
    says: [
      "システム設定 › 一般 › ",
      <b>デバイス管理</b>,
      "（macOS 15より前は、プライバシーとセキュリティ › プロファイル）。プロファイルを開き、証明書の詳細にあるフィンガープリントがターミナルの表示と同じことを確かめて、",
      <b>インストール</b>,
      "します。それでも警告が出るときは、キーチェーンアクセス › システム › Genkan root › 信頼 › 常に信頼。",
    ],
    picture: {
      shows: "rows",
      title: "デバイス管理",
      rows: ["Genkan"],
      marked: 0,
    },
  },
  androidRoot: {
    title: "ルート証明書を受け取る",
    says: "root.crt がダウンロードされます。保存するか尋ねられたら保存してください。",
  },
  androidInstall: {
    title: "CA証明書としてインストールする",
    says: [
      "「設定」で ",
      <b>CA 証明書</b>,
      " を検索します（セキュリティとプライバシー › その他 › 暗号化と認証情報 › 証明書のインストール）。警告を読んで",
      <b>インストールする</b>,
      "を選び、root.crt を選びます。そのあと、信頼できる認証情報 › ユーザーでフィンガープリントを確かめてください。ターミナルの表示と違えば、そこで削除します。",
    ],
    picture: {
      shows: "rows",
      title: "証明書のインストール",
      rows: ["CA 証明書", "VPN とアプリユーザー証明書", "Wi-Fi 証明書"],
      marked: 0,
    },
  },
  windowsRoot: {
    title: "ルート証明書を受け取る",
    says: "ダウンロードフォルダーに root.crt として保存します。",
  },
  windowsCompare: {
    title: "比べる",
    says: "コマンドプロンプトで実行すると、ファイルのフィンガープリントがコロンなしで表示されます。ターミナルの表示と同じはずです。",
  },
  windowsAdd: {
    title: "追加する",
    says: "確認されたら「はい」を選びます。自分だけに効き、管理者の権限は要りません。",
    picture: {
      shows: "question",
      lines: ["この証明書をインストール", "しますか?"],
      buttons: ["いいえ", "はい"],
    },
  },
  linuxRead: {
    title: "スクリプトを読む",
    says: "短いもので、最初にフィンガープリントを確かめます。別の誰かから届いたものなら確かめません。だから読んでください。",
  },
  linuxRun: {
    title: "ターミナルのフィンガープリントを付けて実行する",
    says: [
      "玄関の機械で ",
      <code>genkan root fingerprint</code>,
      " を実行すると表示されます。違うものを付けると何もインストールされません。システム、Chromium、Firefoxに届きます。",
    ],
  },
  chromeosRoot: { title: "ルート証明書を受け取る", says: "root.crt がダウンロードされます。" },
  chromeosImport: {
    title: "インポートする",
    says: [
      "設定 › プライバシーとセキュリティ › セキュリティ › 証明書の管理 › ",
      <b>認証局</b>,
      " › インポートで root.crt を選び、ウェブサイトの識別に印を付けます。詳細のフィンガープリントはターミナルの表示と同じはずです。",
    ],
    picture: {
      shows: "rows",
      title: "この証明書の用途",
      rows: ["ウェブサイトの識別", "メールユーザーの識別"],
      marked: 0,
      isSwitch: true,
    },
  },
};
