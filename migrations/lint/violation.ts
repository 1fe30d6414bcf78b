/** What a linter reports about one line of one file. */
export interface Violation {
  tool: Tool
  rule: string
  file: string
  line: number
  message: string
}

export type Tool = 'squawk' | 'sqlfluff' | 'postgres' | 'pgspot' | 'project' | 'exceptions'
