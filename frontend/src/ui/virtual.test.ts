import { expect, test } from 'vitest';
import { scrollTo, windowOf } from './virtual';

test.each([
  ['at the top', 0, 360, 1000, 0, 11],
  ['in the middle', 7_200, 360, 1000, 94, 111],
  ['at the end', 71_640, 360, 1000, 989, 1000],
  ['fewer rows than fit', 0, 900, 3, 0, 3],
  ['no rows', 0, 900, 0, 0, 0],
  ['scrolled past a list that became short', 50_000, 360, 4, 0, 4],
])('draws what is in sight, %s', (_, scroll, height, count, start, end) => {
  const drawn = windowOf(scroll, height, 72, count);
  expect(drawn.end).toBe(end);
  expect(drawn.start).toBeLessThanOrEqual(start);
  expect(drawn.end - drawn.start).toBeLessThanOrEqual(Math.ceil(height / 72) + 14);
});

test.each([
  ['a row in sight moves nothing', 3, 100, 100],
  ['a row above comes to the top', 0, 100, 0],
  ['a row below comes to the bottom', 20, 100, 21 * 72 - 360],
])('%s', (_, index, scroll, to) => {
  expect(scrollTo(index, scroll, 360, 72)).toBe(to);
});
