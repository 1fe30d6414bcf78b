// Whether the blocks of a document can be typed one after the other into one shell, as a reader does.
// Specs give each a shell of its own, and would not notice.
import type { Project } from '../../harness/index.ts'
import { fencesOf, whereOf } from './fences.ts'

/** In this order in a text: a string without expansion, a comment, a string with expansion. */
const QUOTED = /'[^']*'|(?<=^|\s)#.*$|"(?:\\.|[^"\\])*"/gm
/** Where a command begins. Between round brackets it has a shell of its own. */
const COMMAND = String.raw`(?:^|[;&|{]|\b(?:then|do|else)\s)\s*`
/** Changes the folder, the options or the names of the shell for what is typed later, or ends it. */
const CHANGE = new RegExp(
  `${COMMAND}(?:cd|pushd|popd|set|shopt|exit|exec|trap|alias|export|umask|logout)(?![\\w-])`,
  'm',
)
/** Outside of single quotes a shell that somebody types into takes this for a command of its history. */
const HISTORY = /(?<![${\\])!(?![\s=("]|$)/m

/** Blocks that leave the shell in another folder or with other options, end it, or call its history. */
export function blocksNotForOneShell(project: Project, files: string[]): string[] {
  const fences = files.flatMap((file) => fencesOf(project, file))
  return whereOf(fences.filter(({ text }) => CHANGE.test(bare(text, '')) || HISTORY.test(bare(text, '"'))))
}

/** Without comments, and without strings but those that begin with the mark. */
function bare(text: string, mark: string): string {
  return text.replaceAll(QUOTED, (part) => (mark !== '' && part.startsWith(mark) ? part : "''"))
}
