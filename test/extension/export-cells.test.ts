import { expect, test } from 'vitest';
import { csvCell, tsvCell } from '../../src/extension/export/cells';

test.each([
  ['=1+1', "'=1+1", "'=1+1"],
  ['+1+1', "'+1+1", "'+1+1"],
  ['-1+cmd|A0', "'-1+cmd|A0", "'-1+cmd|A0"],
  ['@SUM(A1)', "'@SUM(A1)", "'@SUM(A1)"],
  ['＝1+1', "'＝1+1", "'＝1+1"],
  ['\t=1+1', "'\t=1+1", "' =1+1"],
  ['\n=1+1', '"\'\n=1+1"', "' =1+1"],
  ['-1', '-1', '-1'],
  ['+1.5', '+1.5', '+1.5'],
  ['a=b', 'a=b', 'a=b'],
  ['a,"b"', '"a,""b"""', 'a,"b"'],
  ['a\tb\r\nc\u0085d\u2029e\vf', '"a\tb\r\nc\u0085d\u2029e\vf"', 'a b c d e f'],
])('%j is %j among commas, and %j among tabs', (text, comma, tab) => {
  expect([csvCell(text), tsvCell(text)]).toEqual([comma, tab]);
});

test('what is not there is an empty cell, and a number stays one', () => {
  expect([csvCell(undefined), tsvCell(undefined), csvCell(-0.5)]).toEqual(['', '', '-0.5']);
});
