import { random, shuffle } from '../../engine/random';

type Gender = 'm' | 'f';
/** English, Spanish (masculine, then feminine where they differ). */
type Word = readonly [english: string, spanish: string, feminine?: string];

const animals: readonly (readonly [english: string, spanish: string, gender: Gender])[] = [
  ['cat', 'gata', 'f'],
  ['dog', 'perro', 'm'],
  ['horse', 'caballo', 'm'],
  ['cow', 'vaca', 'f'],
  ['bird', 'pájaro', 'm'],
  ['mouse', 'ratón', 'm'],
  ['sheep', 'oveja', 'f'],
  ['duck', 'pato', 'm'],
  ['frog', 'rana', 'f'],
  ['bear', 'oso', 'm'],
  ['wolf', 'lobo', 'm'],
  ['hen', 'gallina', 'f'],
];
const qualities: readonly Word[] = [
  ['white', 'blanco', 'blanca'],
  ['black', 'negro', 'negra'],
  ['small', 'pequeño', 'pequeña'],
  ['old', 'viejo', 'vieja'],
  ['young', 'joven'],
  ['hungry', 'hambriento', 'hambrienta'],
  ['tired', 'cansado', 'cansada'],
  ['happy', 'alegre'],
  ['quiet', 'tranquilo', 'tranquila'],
  ['brave', 'valiente'],
];
const deeds: readonly Word[] = [
  ['sleeps', 'duerme'],
  ['eats', 'come'],
  ['waits', 'espera'],
  ['plays', 'juega'],
  ['runs', 'corre'],
  ['drinks', 'bebe'],
  ['hides', 'se esconde'],
  ['walks', 'camina'],
  ['sings', 'canta'],
  ['jumps', 'salta'],
];
const places: readonly Word[] = [
  ['in the kitchen', 'en la cocina'],
  ['in the garden', 'en el jardín'],
  ['under the bridge', 'debajo del puente'],
  ['near the river', 'cerca del río'],
  ['behind the house', 'detrás de la casa'],
  ['on the roof', 'sobre el tejado'],
  ['in the forest', 'en el bosque'],
  ['at the market', 'en el mercado'],
  ['beside the road', 'junto al camino'],
  ['in the snow', 'en la nieve'],
];
const times: readonly Word[] = [
  ['today', 'hoy'],
  ['every morning', 'cada mañana'],
  ['at night', 'por la noche'],
  ['in winter', 'en invierno'],
  ['on Sundays', 'los domingos'],
];

export interface Phrase {
  readonly english: string;
  readonly spanish: string;
}

function phrase(index: number): Phrase {
  let rest = index;
  const draw = <T>(words: readonly T[]): T => {
    const word = words[rest % words.length] as T;
    rest = Math.floor(rest / words.length);
    return word;
  };
  const [animal, animalEs, gender] = draw(animals);
  const [quality, masculine, feminine = masculine] = draw(qualities);
  const [deed, deedEs] = draw(deeds);
  const [place, placeEs] = draw(places);
  const [time, timeEs] = draw(times);
  const [article, qualityEs] = gender === 'm' ? ['el', masculine] : ['la', feminine];
  return {
    english: `the ${quality} ${animal} ${deed} ${place} ${time}`,
    spanish: `${timeEs} ${article} ${animalEs} ${qualityEs} ${deedEs} ${placeEs}`,
  };
}

/** The first `count` of all sentences that can be made, in an order that has nothing to do with their words. */
export function phrases(count: number): Phrase[] {
  const all = animals.length * qualities.length * deeds.length * places.length * times.length;
  const order = shuffle(
    Int32Array.from({ length: all }, (_, i) => i),
    random(0, 'phrases'),
  );
  return Array.from(order.subarray(0, count), phrase);
}
