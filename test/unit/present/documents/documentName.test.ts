import fc from 'fast-check';
import assert from 'node:assert/strict';
import { parseDocumentKind, documentName, parseDocumentPath, suggestedFileName, type DocumentKind } from '#present/documents/documentName';
import { id, kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { hostileTexts } from './hostile';

const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 200 }));
const kinds: fc.Arbitrary<DocumentKind> = fc.oneof(
  fc.constantFrom<DocumentKind>('report', 'output', 'sorted', 'status'),
  fc
    .oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
    .map((taskPosition) => ({ taskPosition })),
);
const languages = fc.constantFrom('markdown' as const, 'json' as const, 'plain' as const);

describe("A document's name", () => {
  it("combines a run's label or a task's name with the kind and the file extension", () => {
    const run = kickoff({ label: 'My run' });
    assert.equal(documentName(run, 'report'), 'My run.report.md');
    assert.equal(documentName(run, 'status'), 'My run.status.output');
    assert.equal(documentName(run, 'sorted'), 'My run.sorted.json.output');
    const task = { position: 3, name: 'write', hasOutput: true };
    assert.equal(documentName({ ...run, tasks: [task] }, { taskPosition: 3 }), 'tasks/03-write.md.output');
    const endings = { markdown: 'md', json: 'json', plain: 'txt' } as const;
    for (const language of ['markdown', 'json', 'plain'] as const) {
      const ending = endings[language];
      assert.equal(documentName({ ...run, output: language }, 'output'), `My run.${ending}.output`);
      assert.equal(suggestedFileName({ ...run, output: language }, 'output'), `My run.output.${ending}`);
      assert.equal(documentName({ ...run, tasks: [{ ...task, language }] }, { taskPosition: 3 }), `tasks/03-write.${ending}.output`);
      assert.equal(suggestedFileName({ ...run, tasks: [{ ...task, language }] }, { taskPosition: 3 }), `03-write.${ending}`);
    }
  });

  it('begins with “kickoff” if the label has no valid character', () => {
    for (const label of ['..', '/', ' . ', '"', '???'])
      assert.equal(documentName(kickoff({ id: id('7'), label }), 'report'), 'kickoff.report.md');
  });

  it('is a valid file name on Windows, even if the label is a reserved name', () => {
    for (const [label, name] of [
      ...[
        ['CON', 'CON_'],
        ['nul', 'nul_'],
        ['COM1.', 'COM1_'],
        ['lpt9 ', 'lpt9_'],
        ['AUX:', 'AUX_'],
        ['console', 'console'],
      ],
      ...[
        ['COM1.x', 'COM1 x'],
        ['report. ', 'report'],
        [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
      ],
    ] as const) {
      const run = kickoff({ label, output: 'markdown' });
      assert.deepEqual([documentName(run, 'report'), suggestedFileName(run, 'output')], [`${name}.report.md`, `${name}.output.md`]);
      assert.equal(suggestedFileName(run, 'status'), `${name}.status.json`);
    }
  });

  always('identifies the kind of the document, for any names', 2_000, [text, text, kinds, languages], (label, name, kind, output) => {
    const tasks = typeof kind === 'object' ? [{ position: kind.taskPosition, name, hasOutput: true }] : [];
    assert.deepEqual(parseDocumentKind(documentName(kickoff({ label, tasks, output }), kind)), kind);
  });

  always('is valid in URIs and paths, for any names', 2_000, [text, text, kinds], (label, name, kind) => {
    const tasks = typeof kind === 'object' ? [{ position: kind.taskPosition, name, hasOutput: true }] : [];
    const made = documentName(kickoff({ label, tasks }), kind);
    assert.ok(made.isWellFormed(), 'a lone surrogate, which a URI can’t contain');
    for (const part of made.replace(/^tasks\//, '').split('/')) assert.match(part, /^[^\\/:*?"<>|#%]+$/);
    assert.ok(!made.split('/').includes('..'));
    assert.ok(made.length < 120);
  });

  it("has no dots from labels or task names, so that it can't look like another document's name", () => {
    const task = { position: 1, name: 'Summary.report', hasOutput: true };
    const run = kickoff({ label: 'x.sorted', output: 'json', tasks: [task] });
    assert.equal(documentName(run, { taskPosition: 1 }), 'tasks/01-Summary report.md.output');
    assert.deepEqual(parseDocumentKind(documentName(run, 'output')), 'output');
  });

  it('is found only in a path that begins with /crewai-kickoff, a deployment, and a kickoff ID', () => {
    const found = { ref: { deployment: 7, id: 'some-id' }, rest: 'x.report.md' };
    assert.deepEqual(parseDocumentPath('/crewai-kickoff/7/some-id/x.report.md'), found);
    assert.equal(parseDocumentPath('/7/some-id/x.report.md'), undefined);
  });

  it("that the extension didn't create has no document kind", () => {
    const paths = ['', 'report.md.exe', '../x.report.md', 'tasks/x.md', 'tasks/1-a/b.md', 'tasks/-1-a.md', 'a/tasks/01-b.md'];
    for (const path of [...paths, '.git/x.status.json']) assert.equal(parseDocumentKind(path), undefined, path);
  });
});
