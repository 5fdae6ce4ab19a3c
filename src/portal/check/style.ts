/*
 * The part of the door's stylesheet for checking a device: one row for each trial, its state a mark and a
 * word, and the part of the welcome page that turns green.
 */
export const CHECK_STYLE = `
.overall{display:flex;gap:.75rem;align-items:center;padding:.875rem 1.125rem;border:1px solid var(--line);
border-left:.375rem solid var(--soft);border-radius:.375rem;background:var(--card);font-weight:600}
.overall[data-state=well]{border-left-color:var(--good)}
.overall[data-state=unwell]{border-left-color:var(--bad)}
.overall[data-state=late]{border-left-color:var(--lamp)}
.trials{list-style:none;margin:1.5rem 0 0;padding:0;border-bottom:1px solid var(--line)}
.trials li{display:grid;grid-template-columns:1.75rem 1fr auto;gap:0 .75rem;padding:.875rem 0;border-top:1px solid var(--line)}
.trials li::before{content:"?";grid-row:1/4;width:1.625rem;height:1.625rem;border-radius:50%;border:2px solid var(--soft);
color:var(--soft);font-size:.9375rem;font-weight:700;line-height:1.375rem;text-align:center}
.trials li[data-state=well]::before{content:"\\2713";background:var(--good);border-color:var(--good);color:var(--paper)}
.trials li[data-state=unwell]::before{content:"!";background:var(--bad);border-color:var(--bad);color:var(--paper)}
.trials li[data-state=late]::before{content:"";border-color:var(--lamp);animation:breathe 2.4s ease-in-out infinite}
.trials b{line-height:1.625rem}
.state{color:var(--soft);font-size:.875rem;line-height:1.625rem;white-space:nowrap}
[data-state=well]>.state{color:var(--good)}[data-state=unwell]>.state{color:var(--bad);font-weight:600}
.trials p{grid-column:2/4;margin:.125rem 0 0;font-size:.9375rem;line-height:1.5;color:var(--soft)}
.trials .next{color:var(--ink)}.next::before{content:"\\2192\\a0"}
.trials [hidden]{display:none}
.proof{margin:1.5rem 0;padding:1rem 1.125rem;border:1px solid var(--line);border-left:.375rem solid var(--soft);
border-radius:.375rem;background:var(--card)}
.proof[data-state=well]{border-left-color:var(--good)}
.proof [hidden]{display:none}.proof .buttons{margin:.75rem 0 0}
@media (prefers-reduced-motion:reduce){.trials li::before{animation:none!important}}
@media print{.proof{display:none}}
`;
