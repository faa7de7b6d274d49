import type { Position } from '../../protocol/explore';
import { integer } from '../format';
import { t } from '../words';

/** `step 1,200`, or `final model` */
export function positionName(position: Position): string {
  return position === 'final' ? t('final model') : t('step {0}', integer(position));
}
