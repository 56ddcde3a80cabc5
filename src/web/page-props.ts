/** What every page below the shell is given: the values of its path. */

export interface PageProps {
  readonly parameters: Readonly<Record<string, string>>;
}
