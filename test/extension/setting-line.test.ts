import { expect, test } from 'vitest';
import { lineOfSetting } from '../../src/extension/setting-line';

const settings = `{
  "layuot": "pairs",
  "train": {
    "text": { "buckets": 0 },
    "temperature": -1
  }
}`;

test.each([
  ['train.temperature: Too small', 5],
  ['train.text.buckets: Too small', 4],
  ['infonce.json: Unrecognized key: "layuot"', 2],
  ['train: Unrecognized key: "text"', 4],
  ['infonce.json: key "train": Invalid input', 3],
])('%s is on line %i', (message, line) => {
  expect(lineOfSetting(settings, message)).toBe(line);
});

test('of what is not written there no line is named', () => {
  expect(lineOfSetting(settings, 'train.seed: Invalid input')).toBeUndefined();
  expect(lineOfSetting(settings, 'the folder holds no data')).toBeUndefined();
});
