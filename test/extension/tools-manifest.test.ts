import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inputs, type ToolName } from '../../src/extension/tools/inputs';
import { inputSchemaOf } from './tool-schemas';

interface Contributed {
  readonly name: ToolName;
  readonly inputSchema: { readonly properties: Readonly<Record<string, { readonly description?: string }>> };
  readonly [key: string]: unknown;
}

const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'));
const tools: readonly Contributed[] = manifest.contributes.languageModelTools;

test('every tool is offered with all that an editor shows of it', () => {
  expect(tools.map(({ name }) => name)).toEqual(Object.keys(inputs));
  for (const tool of tools) {
    expect(tool).toMatchObject({
      displayName: expect.stringMatching(/^%tool\.\w+%$/),
      userDescription: expect.stringMatching(/^%tool\.\w+\.user%$/),
      modelDescription: expect.stringMatching(/^.{100,800}$/),
      toolReferenceName: expect.stringMatching(/^infonce[A-Z]\w+$/),
      canBeReferencedInPrompt: true,
      icon: expect.stringMatching(/^\$\([a-z-]+\)$/),
      tags: expect.arrayContaining(['embeddings']),
    });
  }
});

test.each(tools)('$name takes what its schema says, every part of it described', ({ name, inputSchema }) => {
  const expected = inputSchemaOf(name);
  expect(inputSchema, `package.json should say ${JSON.stringify(expected)}`).toEqual(expected);
  const undescribed = Object.entries(inputSchema.properties).filter(
    ([, { description = '' }]) => description === '',
  );
  expect(undescribed).toEqual([]);
});
