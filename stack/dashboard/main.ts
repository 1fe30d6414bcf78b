// Writes the dashboard, in both of its forms, from panels.ts: `npm run dashboard`.
import { join } from 'node:path'
import { writeAtomically } from '../../config/atomic-file.ts'
import { ROOT } from '../../config/root.ts'
import { GENERATED } from './generated.ts'

for (const [file, text] of Object.entries(GENERATED)) writeAtomically(join(ROOT, file), text())
