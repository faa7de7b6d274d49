import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { byteLevelAlphabet } from 'tokenizers';

/**
 * Runs in a process of its own: training blocks the thread it runs on, and the library writes its progress to standard
 * output, which belongs to `--json`.
 */
const program = `
const [library, corpus, output] = process.argv.slice(1);
const t = require(library);
const tokenizer = new t.Tokenizer(t.BPE.empty());
tokenizer.setNormalizer(t.sequenceNormalizer([t.nfkcNormalizer(), t.lowercase()]));
tokenizer.setPreTokenizer(t.byteLevelPreTokenizer(true));
tokenizer.train([corpus]);
tokenizer.save(output);
`;

interface TokenizerJson {
  readonly model: { vocab: Record<string, number>; merges: [string, string][] };
}

/**
 * A byte-level BPE vocabulary (Sennrich et al. 2016; bytes as in GPT-2) learnt from the texts: NFKC, lower case, a
 * leading space, at most `size` tokens. Returns the tokenizer's JSON. The same texts give the same bytes.
 */
export async function trainBpe(texts: Iterable<string>, size: number, signal?: AbortSignal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'infonce-bpe-'));
  try {
    const corpus = join(folder, 'corpus.txt');
    const output = join(folder, 'tokenizer.json');
    await writeCorpus(corpus, texts);
    const library = createRequire(import.meta.url).resolve('tokenizers');
    await promisify(execFile)(process.execPath, ['-e', program, library, corpus, output], {
      ...(signal ? { signal } : {}),
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    return cut(JSON.parse(await readFile(output, 'utf8')) as TokenizerJson, size);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeCorpus(path: string, texts: Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let block: string[] = [];
    for (const text of texts) {
      block.push(text);
      if (block.length < 10_000) continue;
      await file.write(`${block.join('\n')}\n`);
      block = [];
    }
    await file.write(block.join('\n'));
  } finally {
    await file.close();
  }
}

/**
 * The library's trainer takes no options, so the vocabulary is cut afterwards. Merges are greedy and in order, so the
 * first ones are what a smaller run would have learnt. All 256 bytes stay, so that no text is ever unreadable.
 */
function cut(trained: TokenizerJson, size: number): string {
  const alphabet = byteLevelAlphabet();
  const room = Math.max(0, size - alphabet.length);
  const merges = trained.model.merges.slice(0, room);
  const vocabulary = [...new Set(alphabet.sort().concat(merges.map(([left, right]) => left + right)))];
  const vocab = Object.fromEntries(vocabulary.map((token, id) => [token, id]));
  return JSON.stringify({ ...trained, model: { ...trained.model, vocab, merges } });
}
