const long = 10_000_000;

/** Returns names of tasks, agents, and statuses that try to run code, load files, or disguise themselves. */
export function hostileNames(sink: string): readonly string[] {
  return [
    '[zen](command:workbench.action.toggleZenMode)',
    '<a href="command:workbench.action.closeAllEditors">close</a>',
    `![pic](${sink}/name.png)`,
    `![pic][p]\n\n[p]: ${sink}/name-ref.png`,
    `<img src="${sink}/name-img.png" srcset="${sink}/name-set.png 2x">`,
    `</summary></details><iframe src="${sink}/name-frame"></iframe>`,
    `</title></svg></div><image href="${sink}/name-image.png"/>`,
    `"><video poster="${sink}/name-poster.png"></video>`,
    `--><link rel="stylesheet" href="${sink}/name.css"><!--`,
    `<meta http-equiv="refresh" content="0;url=${sink}/name-meta">`,
    '$(error) $(loading~spin) &#36;(bug) &lt;b&gt;&amp;',
    '\u202egnp.exe\u202c \u2066apart\u2069 \u200fright',
    'zero\u200bwidth\u200c\u2060\ufeff\u00ad',
    '\u001b[31mred\u001b[0m\u0007\u0000 \u009b1m',
    'two\r\nlines\u2028three\u2029four',
    'vscode://vscode.git/clone file:///etc/passwd data:text/html,hi command:workbench.action.quit',
    '`code` **bold** | cell | # ~~no~~ {0} %s \\',
    '👩‍👩‍👧‍👦'.repeat(300),
    'z\u0301\u0302\u0303'.repeat(2_000),
    'a'.repeat(100_000),
  ];
}

/** Returns Markdown that tries to load files, run commands, and break out of its element, in many spellings. */
export function hostileMarkdown(sink: string): string {
  const html = hostileHtml(sink);
  return [
    '# Harmless title',
    `![inline](${sink}/inline.png "title") ![angle](<${sink}/angle.png>) ![ref][pic] ![pic] [![nested](${sink}/nested.png)](${sink}/link)`,
    `[pic]: ${sink}/reference.png`,
    ...html,
    ...html.map((line) => `- ${line}`),
    ...html.map((line) => `> ${line}`),
    `| a | b |\n|---|---|\n${html.map((line) => `| ${line} | x |`).join('\n')}`,
    '[zen](command:workbench.action.toggleZenMode) [close](<command:workbench.action.closeAllEditors>) [panel][cmd]',
    '[cmd]: command:workbench.action.togglePanel',
    '<command:workbench.action.toggleZenMode> command:workbench.action.toggleZenMode',
    '[file](file:///etc/passwd) [data](data:text/html,hi) [code](vscode://file/etc/passwd) [near](../../1/other/x.report.md) [js](javascript:alert(1))',
    `\`\`\`mermaid\ngraph TD\nA@{ img: "${sink}/mermaid.png", h: 60 }\nB["<img src='${sink}/mermaid-label.png'>"]\nclick B "command:workbench.action.quit"\n\`\`\``,
    `- \`\`\`mermaid\n  graph TD\n  A@{ img: "${sink}/mermaid-list.png" }\n  \`\`\``,
    `> ~~~mermaid\u2028\n> graph TD\n> A@{ img: "${sink}/mermaid-separator.png" }\n> ~~~`,
    `:::mermaid\ngraph TD\nA@{ img: "${sink}/mermaid-container.png" }\n:::`,
    `$$\n\\includegraphics{${sink}/latex.png}\n\\href{command:workbench.action.quit}{x}\n$$`,
    `$\\htmlStyle{background:url(${sink}/latex-style.png)}{x}$`,
    `\`\`\`latex\n\\includegraphics{${sink}/latex-fence.png}\n\`\`\``,
    '$(error) $(loading~spin) &lt;img src=x&gt; &#60;script&#62; \u202egnp.exe \u200b \u001b[31mred\u001b[0m',
    '</details></details></div>',
    '```\nnever closed',
  ].join('\n\n');
}

/** Returns the hostile Markdown in each form that a report parses or renders differently. */
export function hostileOutputs(sink: string): readonly string[] {
  const markdown = hostileMarkdown(sink);
  const html = hostileHtml(sink);
  return [
    markdown,
    `\`\`\`markdown\n${markdown}\n`,
    JSON.stringify(markdown),
    JSON.stringify({ raw: markdown, $schema: `${sink}/raw.json` }),
    `a,b\n${html.map((line, index) => `${index}x,"${line.replaceAll('"', '""')}"`).join('\n')}`,
    `Dear all,\n${html.join('\n')}\n[zen](command:workbench.action.toggleZenMode) ${sink}/bare.png\nGoodbye`,
    `<!DOCTYPE html>\n<html>\n${html.join('\n')}\n</html>`,
    `**中文。**后 ![p](${sink}/cjk.png)\n\n$$\nx < <img src="${sink}/formula.png"> ![p](${sink}/formula2.png)\n$$\n\n\\[ y < \\href{${sink}/href.png}{z} \\]\n\nA: <br><sub><img src="${sink}/sub.png"></sub>\nB: <b>x</b>`,
  ];
}

/** A host that no test reaches. Windows record requests to it, because VS Code loads pictures in a text only over HTTPS. */
export const tracker = 'https://tracker.invalid';

/** The targets of the links in `hostileText`, which a click must not open. */
export const hostileTargets = [
  'command:workbench.action.toggleZenMode',
  'command:workbench.action.togglePanel',
  'command:workbench.action.closeAllEditors?%5B%5D',
  'command:workbench.action.toggleSidebarVisibility',
  'vscode://vscode.git/clone?url=x',
  'javascript:alert(1)',
  'data:text/html,hi',
  'file:///etc/hostname',
] as const;

/** Returns a short Markdown text with pictures that VS Code loads, and links that it opens, in a Markdown document. */
export function hostileText(name: string): string {
  const [zen, panel, close, sideBar, ...others] = hostileTargets;
  return [
    `# Harmless title of ${name}`,
    `![inline](${tracker}/${name}/inline.png) ![ref][pic]`,
    `[pic]: ${tracker}/${name}/reference.png`,
    `<img src="${tracker}/${name}/html.png">`,
    `[zen](${zen})`,
    `<${panel}>`,
    `[close][cmd]`,
    `[cmd]: ${close}`,
    `<a href="${sideBar}">bar</a>`,
    ...others.map((target) => `[link](${target})`),
  ].join('\n\n');
}

function hostileHtml(sink: string): readonly string[] {
  return [
    `<img src="${sink}/img.png">`,
    `<IMG SRCSET="${sink}/srcset.png 1x, ${sink}/srcset2.png 2x">`,
    `<picture><source srcset="${sink}/source.png"><img></picture>`,
    `<image src="${sink}/image.png">`,
    `<svg><image href="${sink}/svg.png"/><use href="${sink}/use.svg#a"/></svg>`,
    `<video poster="${sink}/poster.png" src="${sink}/video.mp4" autoplay></video><audio src="${sink}/audio.mp3" autoplay></audio>`,
    `<link rel="stylesheet" href="${sink}/link.css"><link rel="icon" href="${sink}/icon.png">`,
    `<style>@import url(${sink}/import.css); body { background: url(${sink}/css.png) }</style>`,
    `<div style="background-image: url('${sink}/style.png')">x</div><body background="${sink}/body.png">`,
    `<iframe src="${sink}/frame"></iframe><object data="${sink}/object"></object><embed src="${sink}/embed">`,
    `<script src="${sink}/script.js"></script><img src=x onerror="fetch('${sink}/onerror')">`,
    `<form action="${sink}/form"><input type="image" src="${sink}/input.png"></form>`,
    `<a href="command:workbench.action.toggleZenMode">zen</a> <a href="vscode://file/etc/passwd">code</a>`,
    `<base href="${sink}/"><meta http-equiv="refresh" content="0;url=${sink}/meta">`,
  ];
}

/** Returns one line of 10 MB. */
export function longLine(): string {
  return 'word '.repeat(long / 5);
}
