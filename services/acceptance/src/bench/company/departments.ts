export const departments = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'] as const;
export type DepartmentName = (typeof departments)[number];
