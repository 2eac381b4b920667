import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { cheapScrypt } from './cheap-scrypt.ts';

// For `node --import`, before anything has taken the real one.
crypto.scrypt = cheapScrypt as typeof crypto.scrypt;
syncBuiltinESMExports();
