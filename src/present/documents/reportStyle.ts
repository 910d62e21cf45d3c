/** A part of each report, since previews on other hosts load no style sheet of ours. Clips formulas that would cover the report. */
export const reportStyle = `<style>
.kickoffs-section { margin: 24px 0 8px; padding: 0 0 4px; font-size: 1em; font-weight: 600; opacity: 0.75; }
.kickoffs-output { overflow-y: clip; }
.kickoffs-output h3 { font-size: 1.6em; }
.kickoffs-output h4 { font-size: 1.3em; }
.kickoffs-output h5 { font-size: 1.1em; }
.kickoffs-output h6 { font-size: 1em; }
.kickoffs-output :is(td, th) > p { margin: 0; }
.kickoffs-output code { white-space: pre-wrap; }
.kickoffs-text { margin: 0 0 16px; padding: 0 !important; border: none; background: none; font: inherit; tab-size: 4; unicode-bidi: plaintext; white-space: pre-wrap; overflow-wrap: break-word; }
.kickoffs-wrap pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.kickoffs-wide { overflow-x: auto; }
.kickoffs-wide td { vertical-align: top; }
.kickoffs-rtl :is(ul, ol) { padding-right: 40px; padding-left: 0; }
</style>`;
