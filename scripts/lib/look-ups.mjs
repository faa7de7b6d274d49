/** What people might ask a reverse dictionary; no definition in the sample reads like this. */
export const questions = [
  'a person who repairs shoes',
  'someone who fixes water pipes',
  'very heavy rain',
  'a place where books are kept',
  'extremely happy',
];

/** @typedef {{ content: string, similarity: number }} Neighbour */

/**
 * @param {string} output of `infonce neighbours --json`: one object per neighbour and line, nearest first
 * @returns {Neighbour[]}
 */
export function parseNeighbours(output) {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * One line for each question: the words found for it, nearest first, with their cosine similarity.
 * @param {readonly { question: string, neighbours: readonly Neighbour[] }[]} answers
 * @returns {string}
 */
export function formatAnswers(answers) {
  const width = Math.max(...answers.map(({ question }) => question.length));
  return answers
    .map(({ question, neighbours }) => {
      const words = neighbours.map(({ content, similarity }) => `${content} ${similarity.toFixed(2)}`);
      return `  ${question.padEnd(width)}  ${words.join('  ')}\n`;
    })
    .join('');
}
