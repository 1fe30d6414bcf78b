export async function findEngine(): Promise<void> {}
