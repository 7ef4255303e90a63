/** What is said where there is no inventory. */
export const noInventory =
  'there is no keywarden.keys.yaml in this folder; start one with: keywarden audit --write-inventory';
