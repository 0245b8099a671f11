/** Where the characters of a row's text stand, for those who have the text and not the screen. */
import { clusterWidths } from './width.ts';

/** The column of each UTF-16 unit, and at the end the number of columns that the text takes. */
export function columnsOf(text: string): number[] {
  const columns: number[] = [];
  let column = 0;
  let preceding = 0;
  for (const character of text) {
    const properties = clusterWidths.charProperties(character.codePointAt(0) as number, preceding);
    const joins = (properties & 1) === 1;
    const width = (properties >> 1) & 3;
    // What joins the cell before may make it wider.
    if (joins) column += width - ((preceding >> 1) & 3);
    for (let unit = 0; unit < character.length; unit++) columns.push(joins ? column - width : column);
    if (!joins) column += width;
    preceding = properties;
  }
  columns.push(column);
  return columns;
}
