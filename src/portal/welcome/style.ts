/*
 * What the welcome page adds to the one stylesheet: numbered steps, drawings of screens, banners, and how
 * it all looks on paper.
 */
export const WELCOME_STYLE = `
.steps{list-style:none;margin:2.5rem 0 0;padding:0;counter-reset:step}
.steps li{position:relative;padding:0 0 2.25rem 3.25rem;counter-increment:step}
.steps li::before{content:counter(step);position:absolute;left:0;top:0;width:2.25rem;height:2.25rem;border-radius:50%;
border:1px solid var(--lintel);text-align:center;line-height:2.125rem;font-weight:600}
.steps li::after{content:"";position:absolute;left:1.125rem;top:2.75rem;bottom:.5rem;border-left:1px solid var(--line)}
.steps li.last{padding-bottom:0}.steps li.last::after{display:none}
.steps li.last::before{content:"\\2713";background:var(--deep);border-color:var(--deep);color:var(--on-deep)}
.steps h2{margin:0 0 .375rem;padding:.25rem 0 0;border:0}
.steps .button{margin:.25rem 0 .5rem}.steps .small{margin:1rem 0 0}
.steps pre+pre{margin-top:-.5rem}
pre{margin:.5rem 0 1rem;padding:.75rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem;
white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
.picture{display:block;width:100%;max-width:18.75rem;height:auto;margin:.75rem 0 0}
.p-screen{fill:var(--card)}.p-frame{fill:none;stroke:var(--lintel);stroke-width:2}
.p-dots{fill:none;stroke:var(--line);stroke-width:5;stroke-linecap:round}
.p-row{fill:var(--paper);stroke:var(--line)}.p-quiet{fill:none;stroke:var(--line)}
.p-marked{fill:var(--glow);stroke:var(--lamp);stroke-width:2}
.p-text,.p-strong,.p-title{font-size:13px;fill:var(--soft)}
.p-strong,.p-title{font-weight:600;fill:var(--ink)}
.p-line{fill:none;stroke:var(--soft);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.p-on{fill:var(--good)}.p-knob{fill:#fff}
.banner{margin:1.5rem 0;padding:.875rem 1.125rem;border-radius:.5rem;border:1px solid var(--line);background:var(--card)}
.banner p:last-child{margin-bottom:0}.banner span{display:inline;overflow-wrap:anywhere}
.good{border-left:.375rem solid var(--good)}
.bad{border:2px solid var(--bad);border-left-width:.5rem}
.stopped section,.stopped .steps,.stopped footer{display:none}
.devices ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.625rem}
.devices a{display:inline-block;padding:.5rem 1rem;border:1px solid var(--line);border-radius:2rem;background:var(--card);
text-decoration:none}
.qr{display:block;width:13.5rem;max-width:100%;height:auto;border-radius:.5rem}
.address{margin-top:.75rem;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.9375rem}
footer a{white-space:nowrap}
[hidden]{display:none}
@media print{
:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#bbb;--deep:#000;--on-deep:#fff;--glow:#eee;--lintel:#000}
body{font-size:11pt}body::before,.button,.devices,footer a{display:none}
main{padding-top:0;max-width:none}h2{margin-top:1.5rem}
.steps li.last::before{color:#000}h2{break-after:avoid}
.steps li,.plate,.next-device{break-inside:avoid}.picture{max-width:12rem}
}
`;
