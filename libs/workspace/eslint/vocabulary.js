/** Last words that say nothing about the business. As a first word `Service` may be the business: a service order line. */
const emptyWords = ['Handler', 'Service', 'Manager', 'Impl', 'Helper', 'Base', 'Util', 'Common'];

const declarations = ':matches(ClassDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration, TSEnumDeclaration)';

/** Selectors for `no-restricted-syntax`. */
export const emptyNames = [
  {
    selector: `${declarations}[id.name=/(${emptyWords.join('|')})s?$/]`,
    message: `A name says what the thing does for the business; none ends in ${emptyWords.join(', ')}.`,
  },
  {
    selector: `${declarations}[id.name=/^(Base|Abstract)[A-Z]/]`,
    message: 'A name says what the thing is, not that others inherit from it.',
  },
  {
    selector: ':matches(TSInterfaceDeclaration, TSTypeAliasDeclaration)[id.name=/^I[A-Z][a-z]/]',
    message: 'No I prefix.',
  },
];

const emptyFile = new RegExp(`(^|[-.])(${emptyWords.join('|').toLowerCase()})s?\\.`);
const drawerFolder = /^(common|core|shared|(util|helper|handler|service|manager|base)s?)$/;

const tellingPaths = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      file: '{{name}}: a file is named after the command or noun in it.',
      folder: '{{name}}/: a folder is the plural noun that the department says aloud, not a drawer.',
    },
  },
  create: (context) => ({
    Program(node) {
      const [file, ...folders] = context.filename
        .slice(context.cwd.length + 1)
        .split(/[\\/]/)
        .reverse();
      if (emptyFile.test(file)) context.report({ node, messageId: 'file', data: { name: file } });
      // The two outermost folders are the fixed tree: services/sales, libs/contracts.
      for (const name of folders.slice(0, -2).filter((folder) => drawerFolder.test(folder))) {
        context.report({ node, messageId: 'folder', data: { name } });
      }
    },
  }),
};

export const house = { rules: { 'telling-paths': tellingPaths } };
