/*
 * The one stylesheet of the door's own pages: paper and ink by day, lamplight by night. Written
 * for a phone first. It goes into every page as it is; content-policy.ts allows it by its hash.
 */
import { CHECK_STYLE } from "./check/style.ts";
import { SIGN_IN_STYLE } from "./sign-in/style.ts";
import { WELCOME_STYLE } from "./welcome/style.ts";

const COMMON_STYLE = `
:root{color-scheme:light dark;--paper:#f7f4ed;--card:#fffdf8;--ink:#24211c;--soft:#665f54;--line:#dcd3c3;
--lintel:#4a443a;--deep:#1d4a63;--on-deep:#fdfbf6;--lamp:#d98b3a;
--glow:#fbeedb;--good:#3f7d4e;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--paper:#161513;--card:#1f1d1a;--ink:#ece6da;--soft:#aaa192;--line:#3a352d;
--lintel:#3a352d;--deep:#a8cbdd;--on-deep:#10212b;--lamp:#e9ad62;
--glow:#3d301d;--good:#7fbf8d;--bad:#f2b8b5}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;background:var(--paper);color:var(--ink);
font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
display:flex;flex-direction:column;overflow-wrap:break-word}
body::before{content:"";height:.375rem;background:var(--lintel)}
main{flex:1;width:100%;max-width:38rem;margin:0 auto;padding:2.25rem 1.375rem 2.5rem}
.trouble{display:flex;flex-direction:column;justify-content:center;padding-bottom:4rem}
.mark{display:block;width:4rem;height:4rem;margin:0 0 1.25rem -.25rem}
.wood{stroke:var(--ink)}.lattice{stroke:var(--soft)}.lamp{fill:var(--lamp)}
h1,h2,.plate strong{font-family:ui-serif,"New York","Hiragino Mincho ProN","Yu Mincho",Georgia,"Noto Serif",serif;
font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.75rem,1.35rem + 2vw,2.375rem);line-height:1.2;letter-spacing:-.012em;margin:0 0 1rem}
h2{font-size:1.25rem;line-height:1.3;margin:2.75rem 0 .625rem;padding-top:1.5rem;border-top:1px solid var(--line)}
p{margin:0 0 1rem;text-wrap:pretty}
.soft{color:var(--soft)}.small{font-size:.9375rem}
a{color:var(--deep);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--deep);outline-offset:3px;border-radius:.25rem}
code,.print{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.9em}
p code{white-space:nowrap}
.commands{list-style:none;margin:0 0 1.25rem;padding:0;display:grid;gap:.5rem}
.commands code{display:block;padding:.625rem .875rem;background:var(--card);border:1px solid var(--line);
border-radius:.5rem;user-select:all;overflow-x:auto;white-space:pre}
.plate{margin:1.25rem 0;padding:1.25rem 1.25rem 1.125rem;background:var(--card);border:1px solid var(--line);
border-left:.375rem solid var(--lamp);border-radius:.375rem}
.plate strong{display:block;font-size:clamp(1.5rem,1.2rem + 1.6vw,1.875rem);line-height:1.25;word-spacing:.18em}
.print{color:var(--soft);font-size:.8125rem;margin:.75rem 0 0;line-height:1.7}
.print span{display:inline-block}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.25rem 0}
.button{display:inline-flex;align-items:center;min-height:3rem;padding:.5rem 1.375rem;border-radius:.5rem;
border:1px solid var(--deep);background:var(--deep);color:var(--on-deep);font-weight:600;text-decoration:none}
.button.second{background:none;color:var(--deep)}
.again{display:flex;gap:.75rem;align-items:center;color:var(--soft);margin-top:.5rem}
.again::before{content:"";flex:none;width:.625rem;height:.625rem;border-radius:50%;background:var(--lamp);
animation:breathe 2.4s ease-in-out infinite}
@keyframes breathe{50%{opacity:.25}}
@media (prefers-reduced-motion:reduce){.again::before{animation:none}}
footer{width:100%;max-width:38rem;margin:0 auto;padding:0 1.375rem 2rem;color:var(--soft);font-size:.875rem}
@media (min-width:48rem){main{padding-top:4.5rem}.trouble{padding-top:2rem}}
`;

export const STYLE = COMMON_STYLE + WELCOME_STYLE + CHECK_STYLE + SIGN_IN_STYLE;
