import { MAIN } from './profile-files.ts';
import type { Row } from './precedence.ts';

const AZURE = 'https://adb-123.4.azuredatabricks.net';
const AWS = 'https://dbc-99.cloud.databricks.com';
const PRINCIPAL = 'ARM_CLIENT_ID=id ARM_CLIENT_SECRET=secret';
const RESOURCE = 'AZURE_RESOURCE_ID=/subscriptions/s/x';
const NO_HOST = 'the address is never asked of Azure: somebody has to name it';
const FINAL = 'what somebody set is final, also where it fails';

export const AZURE_ROWS: readonly Row[] = [
  {
    args: `host=${AZURE}`,
    env: `${RESOURCE} ARM_TENANT_ID=tenant.test`,
    on: 'az',
    gives: { as: `azure-cli ${AZURE}`, by: 'the Azure CLI' },
  },
  {
    env: `${RESOURCE} ARM_TENANT_ID=tenant.test CONFIG_PROFILE=azure-host`,
    file: MAIN,
    on: 'az',
    gives: { as: 'azure-cli https://adb-456.7.azuredatabricks.net', at: 'the profile azure-host' },
  },
  {
    args: `host=${AZURE}`,
    env: 'ARM_TENANT_ID=tenant.test',
    on: 'az without a login',
    gives: { says: `there are no credentials for ${AZURE}` },
  },
  { args: `host=${AZURE}`, gives: { says: `there are no credentials for ${AZURE}` } },
  { args: `host=${AWS}`, on: 'az', gives: { says: `there are no credentials for ${AWS}` } },
  { env: RESOURCE, on: 'az', gives: { says: 'no workspace is named' }, deviates: NO_HOST },
  { env: RESOURCE, on: 'az without a login', gives: { says: 'no workspace is named' } },
  { env: RESOURCE, gives: { says: 'no workspace is named' } },
  {
    args: `host=${AWS} auth-type=azure-cli`,
    on: 'az',
    gives: { says: 'the auth-type input asks for azure-cli, but the workspace is not one of Azure' },
  },
  {
    env: `HOST=${AZURE} ${PRINCIPAL} ARM_TENANT_ID=tenant.test`,
    gives: { as: `azure-client-secret ${AZURE}`, by: 'ARM_CLIENT_SECRET' },
  },
  {
    env: `HOST=${AZURE} ${PRINCIPAL}`,
    gives: { as: `azure-client-secret ${AZURE}`, by: 'ARM_CLIENT_SECRET' },
    deviates: 'the tenant is found out, as in the SDKs for Python and Java but not in that for Go',
  },
  {
    env: `HOST=${AZURE} ${PRINCIPAL} ARM_TENANT_ID=tenant.test`,
    on: 'az',
    gives: { as: `azure-client-secret ${AZURE}` },
  },
  {
    env: `HOST=${AZURE} ARM_CLIENT_ID=id`,
    gives: { says: 'azure-client-secret: there is no client secret' },
  },
  {
    env: `HOST=${AZURE} ARM_USE_MSI=true ${PRINCIPAL} ARM_TENANT_ID=tenant.test`,
    gives: { as: `azure-msi ${AZURE}`, by: 'ARM_USE_MSI' },
    deviates: FINAL,
  },
  {
    env: `HOST=${AZURE} ARM_USE_MSI=false ${PRINCIPAL} ARM_TENANT_ID=tenant.test`,
    gives: { as: `azure-client-secret ${AZURE}` },
  },
  { env: `HOST=${AZURE} ARM_USE_MSI=1`, gives: { as: `azure-msi ${AZURE}`, by: 'ARM_USE_MSI' } },
  {
    env: `HOST=${AWS} ARM_USE_MSI=true`,
    gives: { says: 'azure-msi: the workspace is not one of Azure' },
  },
  {
    env: `${RESOURCE} ARM_USE_MSI=true AUTH_TYPE=azure-msi`,
    gives: { says: 'no workspace is named' },
    deviates: NO_HOST,
  },
  { env: 'ARM_USE_MSI=true', gives: { says: 'no workspace is named' } },
  {
    env: `HOST=${AWS} ${PRINCIPAL} ARM_TENANT_ID=tenant.test`,
    gives: { says: `ARM_CLIENT_ID is set, but ${AWS} is no workspace of Azure` },
  },
  {
    env: `HOST=https://x ${PRINCIPAL} ARM_TENANT_ID=tenant.test CLOUD=azure`,
    gives: { as: 'azure-client-secret https://x' },
  },
  {
    env: `HOST=https://x ${PRINCIPAL} ARM_TENANT_ID=tenant.test ${RESOURCE}`,
    gives: { as: 'azure-client-secret https://x' },
  },
  {
    args: `host=${AZURE}`,
    env: 'CLIENT_ID=id CLIENT_SECRET=secret',
    on: 'az',
    gives: { as: `oauth-m2m ${AZURE}`, by: 'DATABRICKS_CLIENT_SECRET' },
  },
  { env: `HOST=${AZURE} TOKEN=x`, on: 'az and databricks', gives: { as: `pat ${AZURE}` } },
  {
    env: 'CONFIG_PROFILE=azure-spn',
    file: MAIN,
    gives: {
      as: `azure-client-secret ${AZURE}`,
      by: 'azure_client_secret of the profile azure-spn',
      at: 'the profile azure-spn',
    },
  },
  {
    env: 'CONFIG_PROFILE=azure-spn ARM_CLIENT_SECRET=env',
    file: MAIN,
    gives: { as: `azure-client-secret ${AZURE}`, by: 'ARM_CLIENT_SECRET', at: 'the profile azure-spn' },
  },
];
