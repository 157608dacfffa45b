import { brokerUsers, freshDatabase, freshReader, freshVhost, testServers } from '@retaguarda/testing';
import { Company as AnyCompany } from '../src/company/company.js';

export { controlRoom, departments, runAudit } from '../src/company/programs.js';
export type { DepartmentName, ProgramEnd } from '../src/company/programs.js';
export { RunningDepartment } from '../src/company/running-department.js';

/** The whole company on servers of this spec alone: five databases, one virtual host, five processes. */
export class Company extends AnyCompany {
  static async found(): Promise<Company> {
    const { at } = await AnyCompany.on(testServers().broker, {
      vhost: freshVhost,
      users: brokerUsers,
      database: freshDatabase,
      reader: freshReader,
    });
    return new Company(at);
  }
}
