/*
 * Checking a device, in Japanese.
 */
import type { CheckWords } from "./words.ts";

const TRUST_STEPS = "玄関の最初のページの手順に従ってから、もう一度確認してください。";
const BY_NAME = "玄関の名前でこのページを開いてください。";
const SET_CLOCK =
  "この端末の時刻を自動設定にしてください。すでにそうであれば、玄関が動いている機械の時計を確かめてください。";

export const JA: CheckWords = {
  lang: "ja",
  title: "この端末を確認する",
  lead: "このページは、家のアプリに必要なことを試します。黙ったままの接続も試すため、1分半ほどかかります。ページを開いたままにしてください。",
  rows: {
    name: "名前で玄関に着く",
    trust: "この端末は玄関を信頼している",
    secure: "アプリがブラウザーの機能をすべて使える",
    protocol: "この端末と玄関の話し方",
    socket: "常時接続が開く",
    silence: "常時接続が沈黙に耐える",
    clock: "時計が合っている",
    cookies: "Cookieが保存される",
    limits: "この端末は玄関の限界を守らせる",
  },
  states: { well: "良好", unwell: "問題あり", unknown: "不明", late: "確認中…" },
  overall: {
    well: "この端末に問題はありません。",
    unwell: "問題あり:",
    unknown: "確認できたことに問題はありません。",
    late: "確認中…",
  },
  because: {
    "name.led-here": {
      says: ({ host, at, from }) =>
        `${host} でここ（${at}）に着きました。玄関から見たこの端末は ${from} です。`,
    },
    "name.not-used": {
      says: ({ host, from }) =>
        `アドレス ${host} で開いたため、名前は試していません。玄関から見たこの端末は ${from} です。`,
      next: BY_NAME,
    },
    "trust.yes": { says: () => "初めて見る玄関の証明書を受け入れました。" },
    "trust.no": {
      says: () => "玄関の新しい証明書を拒みました。警告を越えてここに来ています。",
      next: TRUST_STEPS,
    },
    "trust.unreached": {
      says: ({ ports }) =>
        `確認には玄関のポート ${ports} が必要ですが、この端末からは届きませんでした。`,
      next: "このページの前に警告が出なかったなら、信頼しています。出たなら、玄関の機械のファイアウォールでこのポートを通してください。",
    },
    "trust.by-address": {
      says: () => "名前でページを開いたときだけ確認できます。",
      next: BY_NAME,
    },
    "trust.late": { says: () => "新しい証明書を見せています。" },
    "secure.yes": { says: () => "ブラウザーは安全なページと認めています。" },
    "secure.no": {
      says: () =>
        "ブラウザーは安全なページと認めていません。マイク、クリップボード、通知をアプリが使えません。",
      next: TRUST_STEPS,
    },
    "secure.late": { says: () => "ブラウザーに尋ねています。" },
    "protocol.newer": { says: () => "HTTP/2。一つの接続ですべてを運びます。" },
    "protocol.older": {
      says: () =>
        "HTTP/1.1。すべて動きます。プロキシ、ウイルス対策、または古いブラウザーが古い方法を選びました。",
    },
    "socket.yes": { says: () => "WebSocketが開き、こだまが返りました。" },
    "socket.no": {
      says: () => "WebSocketが開きませんでした。アプリはいつまでも待つことになります。",
      next: "この端末のウイルス対策、プロキシ、VPNを一つずつ切って、もう一度確認してください。",
    },
    "socket.late": { says: () => "WebSocketを開いています。" },
    "silence.yes": { says: () => "75秒黙っていてもWebSocketは開いたままでした。" },
    "silence.no": {
      says: () => "黙ったWebSocketが75秒たつ前に切られました。",
      next: "ページがずっと前面にあったなら、途中の何かが静かな接続を切っています。VPN、ウイルス対策、ルーターを見てください。",
    },
    "silence.no-socket": { says: () => "WebSocketが開かないため、試していません。" },
    "silence.late": { says: () => "WebSocketを75秒間黙らせています。" },
    "clock.right": { says: () => "玄関の時計とも、証明書の期間とも合っています。" },
    "clock.ahead": { says: () => "玄関の時計より2分以上進んでいます。", next: SET_CLOCK },
    "clock.behind": { says: () => "玄関の時計より2分以上遅れています。", next: SET_CLOCK },
    "clock.outside": {
      says: () => "この時計では、玄関の証明書は有効ではありません。",
      next: "この端末の時計を合わせてください。",
    },
    "clock.late": { says: () => "時計を読んでいます。" },
    "cookies.yes": { says: () => "安全なCookieを置き、返ってきました。" },
    "cookies.no": {
      says: () => "安全なCookieを置きましたが、返りませんでした。ログインしたままでいられません。",
      next: "このサイトのCookieを許可し、プライベートウィンドウの外で開いてください。",
    },
    "cookies.late": { says: () => "Cookieを置いています。" },
    "limits.kept": {
      says: () =>
        "この家の外に及ぶ証明書を拒みました。玄関の鍵が盗まれても、この端末では他のサイトになりすませません。",
    },
    "limits.ignored": {
      says: () =>
        "この家の外に及ぶ証明書を受け入れました。玄関の鍵を盗んだ者は、この端末に対して世界のどのサイトにもなりすませます。",
      next: "システムとブラウザーを更新してください。それでも変わらず、受け入れられないなら、この端末からルート証明書を外してください。",
    },
    "limits.untrusted": {
      says: () => "玄関が信頼されるまでは分かりません。すべてを拒むからです。",
      next: TRUST_STEPS,
    },
    "limits.unreached": {
      says: ({ ports }) =>
        `確認には玄関のポート ${ports} が必要ですが、この端末からは届きませんでした。`,
      next: "玄関の機械のファイアウォールでこのポートを通し、もう一度確認してください。",
    },
    "limits.none": {
      says: () => "使っている認証局に限界がないため、守らせるものがありません。",
      next: "Genkan自身の認証局にはあります。genkan.yaml に authority: own と書いてください。",
    },
    "limits.by-address": {
      says: () => "名前でページを開いたときだけ確認できます。",
      next: BY_NAME,
    },
    "limits.late": { says: () => "拒むべき証明書を見せています。" },
  },
  lost: "結果が玄関に届きませんでした。もう一度確認してください。",
  withoutScript:
    "ほかの確認にはJavaScriptが必要です。このページが警告なしに開いたことが、何よりの証拠です。",
  toSteps: "玄関を信頼する方法",
  byName: "名前で開く",
  again: "もう一度確認する",
  proof: {
    looking:
      "この端末がもう玄関を信頼しているか、このページが自動で確かめています。まだのようです。",
    paused: "自動の確認を止めました。終わったらページを読み込み直してください。",
    trusted: "この端末は玄関を信頼しています。",
    tryIt: "安全なページを試す",
    check: "この端末を確認する",
    pair: "この端末を登録する",
    unknown:
      "玄関はまだこの端末を知りません。端末が玄関を信頼したら、登録してください。どのアプリも開けるようになります。",
  },
};
