export interface ResolvedImage {
  name: string
  reference: string
  origin: 'locked' | 'stand-in' | 'built'
}
export async function resolveImage(name: string): Promise<ResolvedImage> {
  return { name, reference: `scratch-lead/${name}:1`, origin: 'stand-in' }
}
