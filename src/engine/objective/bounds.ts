import type { RunDetails } from '../../protocol/panel';
import type { Contrast, Negatives, RunConfig } from '../../protocol/run';

/** Number of candidates per row, the own positive included: the chance level of the loss is ln of it. */
export function candidateCount(rows: number, negativesPerRow: number, negatives: Negatives): number {
  switch (negatives) {
    case 'in-batch':
      return rows;
    case 'explicit-shared':
      return 1 + rows * negativesPerRow;
    case 'explicit-paired':
      return 1 + negativesPerRow;
    case 'both':
      return rows + rows * negativesPerRow;
  }
}

/**
 * Between which losses a run can lie, in nats. Both follow from what a row is compared with, and hold for batches in which
 * every label is as frequent as the others.
 *
 * Chance: all candidates look alike, so each is as likely as the others, ln N.
 *
 * Floor, of cosines divided by the temperature τ:
 * - in-batch candidates are answers of other rows, so not all of them can point away from each other. The best is a regular
 *   simplex with a corner for each of the M groups, ln(1 + (N − 1) exp(−M / ((M − 1) τ))) (Graf et al. 2021, "Dissecting
 *   supervised contrastive learning"; with M = N for rows that are all different). It needs M − 1 dimensions; with fewer it
 *   is still a bound, but out of reach;
 * - explicit negatives are nobody's answer and can all be opposite, exp(−2 / τ) each.
 */
export function lossBounds(
  { temperature, negatives, symmetric }: Pick<RunConfig, 'temperature' | 'negatives' | 'symmetric'>,
  { candidates, groups }: Contrast,
): NonNullable<RunDetails['bounds']> {
  const explicit = explicitCandidates(negatives, candidates, groups);
  const opposite = explicit * Math.exp(-2 / temperature);
  const apart = groups > 1 ? Math.exp(-groups / ((groups - 1) * temperature)) : 1;
  const inBatch = candidates - 1 - explicit;
  const chance = Math.log(candidates);
  const floor = Math.log1p(inBatch * apart + opposite);
  // The way back, from answers to queries, knows no explicit negatives.
  if (!symmetric || explicit === 0 || inBatch === 0) return { candidates, chance, floor };
  return {
    candidates,
    chance: (chance + Math.log1p(inBatch)) / 2,
    floor: (floor + Math.log1p(inBatch * apart)) / 2,
  };
}

function explicitCandidates(negatives: Negatives, candidates: number, groups: number): number {
  switch (negatives) {
    case 'in-batch':
      return 0;
    case 'explicit-shared':
    case 'explicit-paired':
      return candidates - 1;
    case 'both':
      return Math.max(0, candidates - groups);
  }
}
