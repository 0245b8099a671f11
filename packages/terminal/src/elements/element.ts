/**
 * What a person would call a control. Rows and columns are zero-based, sizes are in display columns.
 */
export type ElementKind =
  | 'box'
  | 'button'
  | 'checkbox'
  | 'input'
  | 'key_hint'
  | 'link'
  | 'list_row'
  | 'menu_item'
  | 'radio'
  | 'tab';

export interface DetectedElement {
  kind: ElementKind;
  row: number;
  col: number;
  width: number;
  height: number;
  /** A label without its brackets, an input's value, a box's title, a row's words with single blanks. */
  text: string;
  /** Present where the element is the selected one, or the cursor is in it. */
  focused?: true;
  /** Present on every checkbox and radio. */
  checked?: boolean;
}
