'use strict';

// node ca.js URL ROOTS.pem NAME SECRET prints one line of JSON: what came of a whole life with
// npm's fabric-ca-client.

const fs = require('node:fs');
const { X509Certificate } = require('node:crypto');
const FabricCAServices = require('fabric-ca-client');
const { User, Utils } = require('fabric-common');
const { report, errorOf } = require('./common');

const [url, rootsFile, caName, adminSecret] = process.argv.slice(2);
const mspId = 'Org1MSP';

function connect(caname) {
    const suite = Utils.newCryptoSuite();
    suite.setCryptoKeyStore({ putKey: async () => {} });  // keys stay with who made them
    return new FabricCAServices(
        url, { trustedRoots: [fs.readFileSync(rootsFile)], verify: true }, caname, suite);
}

/** A user of the client library, out of an enrolment. */
async function userOf(ca, name, enrollment) {
    const user = new User(name);
    user.setCryptoSuite(ca.getCryptoSuite());
    await user.setEnrollment(enrollment.key, enrollment.certificate, mspId);
    return user;
}

const lines = (text) => text.split('\n').map((line) => line.trim());
const unitsOf = (pem) => lines(new X509Certificate(pem).subject)
    .flatMap((line) => line.split('+')).map((part) => part.trim())
    .filter((part) => part.startsWith('OU=')).sort();

/** Names and values in the extension of the CA, as a contract sees them. */
function attributesOf(pem) {
    const text = new X509Certificate(pem).raw.toString('latin1');
    const at = text.indexOf('{"attrs":');
    if (at < 0) return null;
    let depth = 0;
    for (let i = at; ; ++i) {
        if (text[i] === '{') ++depth;
        if (text[i] === '}' && --depth === 0) return JSON.parse(text.slice(at, i + 1)).attrs;
    }
}

/** What a client can tell its user of a refusal. */
async function refusal(promise) {
    const error = await errorOf(promise);
    return error.errors ? error.errors[0] : String(error);
}

const names = (answer) => answer.result.identities.map(({ id }) => id).sort();
const serialOf = (pem) => new X509Certificate(pem).serialNumber.toLowerCase();
const akiOf = (certificate) => {
    const hex = certificate.raw.toString('hex');
    return hex.slice(hex.indexOf('0603551d23')).match(/^0603551d23041830168014(.{40})/)?.[1]
        ?? hex.match(/0603551d2304183016[89]014(.{40})/)[1];
};

async function identityLife(ca, admin) {
    const told = {};
    const secret = await ca.register({
        enrollmentID: 'user1', affiliation: 'org1.department1', role: 'client', maxEnrollments: -1,
        attrs: [{ name: 'color', value: 'blue', ecert: true }, { name: 'size', value: '7' }],
    }, admin);
    told.secret = typeof secret === 'string' && secret.length >= 12;
    told.chosen = await ca.register({
        enrollmentID: 'peer1', enrollmentSecret: 'peer1pw', affiliation: 'org1.department1',
        role: 'peer' }, admin);
    const first = await ca.enroll({ enrollmentID: 'user1', enrollmentSecret: secret });
    told.units = unitsOf(first.certificate);
    told.attributes = attributesOf(first.certificate);
    told.root = new X509Certificate(first.certificate)
        .verify(new X509Certificate(first.rootCertificate).publicKey);
    const asked = await ca.enroll({ enrollmentID: 'user1', enrollmentSecret: secret,
        attr_reqs: [{ name: 'size' }, { name: 'weight', optional: true }] });
    told.asked = attributesOf(asked.certificate);
    told.missing = await refusal(ca.enroll({ enrollmentID: 'user1', enrollmentSecret: secret,
        attr_reqs: [{ name: 'weight' }] }));
    const tls = await ca.enroll({
        enrollmentID: 'peer1', enrollmentSecret: 'peer1pw', profile: 'tls' });
    told.tlsUsage = new X509Certificate(tls.certificate).keyUsage;
    told.usedUp = await refusal(ca.enroll({ enrollmentID: 'peer1', enrollmentSecret: 'peer1pw' }));
    told.wrongSecret = await refusal(ca.enroll({ enrollmentID: 'user1', enrollmentSecret: 'x' }));
    told.nobody = await refusal(ca.enroll({ enrollmentID: 'nobody', enrollmentSecret: 'x' }));
    told.again = await refusal(ca.register({
        enrollmentID: 'user1', affiliation: 'org1.department1', role: 'client' }, admin));
    const user = await userOf(ca, 'user1', first);
    const renewed = await ca.reenroll(user);
    told.renewed = [unitsOf(renewed.certificate), attributesOf(renewed.certificate).color,
        serialOf(renewed.certificate) !== serialOf(first.certificate)];
    told.reenrolledWith = attributesOf(
        (await ca.reenroll(user, [{ name: 'size' }])).certificate);
    told.noRegistrar = await refusal(ca.register({
        enrollmentID: 'user2', affiliation: 'org1.department1', role: 'client' }, user));
    return { told, user, first, renewed };
}

async function identities(ca, admin) {
    const service = ca.newIdentityService();
    const made = await service.create({ enrollmentID: 'app1', affiliation: 'org1',
        type: 'client', enrollmentSecret: 'app1pw', maxEnrollments: 3,
        attrs: [{ name: 'level', value: '1', ecert: true }] }, admin);
    const one = await service.getOne('app1', admin);
    await service.update('app1', { affiliation: 'org1.department1', maxEnrollments: 5,
        attrs: [{ name: 'level', value: '2', ecert: true }] }, admin);
    const changed = (await service.getOne('app1', admin)).result;
    const all = names(await service.getAll(admin));
    const removed = await service.delete('app1', admin);
    return {
        made,
        one: one.result,
        changed: [changed.affiliation, changed.max_enrollments,
            changed.attrs.find(({ name }) => name === 'level')],
        all,
        removed: removed.result.id,
        gone: await refusal(service.getOne('app1', admin)),
        left: names(await service.getAll(admin)),
    };
}

async function affiliations(ca, admin) {
    const service = ca.newAffiliationService();
    const before = (await service.getAll(admin)).result;
    const added = (await service.create({ name: 'org2.a.b', force: true }, admin)).result;
    const orphan = await refusal(service.create({ name: 'org3.a' }, admin));
    const twice = await refusal(service.create({ name: 'org2.a' }, admin));
    const one = (await service.getOne('org2', admin)).result;
    const renamed = (await service.update('org2.a', { name: 'org2.c' }, admin)).result;
    const removed = (await service.delete({ name: 'org2', force: true }, admin)).result;
    const after = (await service.getAll(admin)).result;
    return { before, added, orphan, twice, one, renamed, removed, after };
}

async function revocation(ca, admin, life) {
    const service = ca.newCertificateService();
    const count = async (query) => (await service.getCertificates(query, admin)).result.certs.length;
    const user = { id: 'user1' };
    const before = await count({ ...user, notrevoked: true });
    const certificate = new X509Certificate(life.renewed.certificate);
    const serial = serialOf(life.renewed.certificate);
    const aki = akiOf(certificate);
    const one = await ca.revoke({ serial, aki, reason: 'superseded' }, admin);
    const told = {
        before,
        one: [one.result.RevokedCerts.length, one.result.CRL === ''],
        twice: (await refusal(ca.revoke({ serial, aki }, admin))).code,
        found: await count({ serial, aki }),
        living: await count({ ...user, notrevoked: true }),
        // Both times belong to a range: until far in the future, from yesterday.
        revoked: await count({ ...user, revoked_start: '-1d', revoked_end: '+1d' }),
        revokedEarlier: await count({ ...user, revoked_end: '-1d' }),
        expiring: await count({ ...user, expired_start: '+360d', expired_end: '2100-01-01' }),
        expired: await count({ ...user, expired_end: '-1d' }),
        notExpired: await count({ ...user, notexpired: true }),
    };
    const all = await ca.revoke(
        { enrollmentID: 'user1', reason: 'keycompromise', gencrl: true }, admin);
    told.all = all.result.RevokedCerts.length;
    told.crl = Buffer.from(all.result.CRL, 'base64').toString().startsWith('-----BEGIN X509 CRL-----');
    const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
    const crl = await ca.generateCRL({ revokedBefore: tomorrow }, admin);
    const body = Buffer.from(crl, 'base64').toString().replace(/-----[^-]+-----|\s/g, '');
    told.listed = Buffer.from(body, 'base64').toString('hex').includes(serial);
    told.crossed = await refusal(ca.generateCRL(
        { revokedBefore: new Date(0), revokedAfter: tomorrow }, admin));
    told.shutOut = await refusal(ca.reenroll(life.user));
    told.denied = await refusal(ca.enroll({ enrollmentID: 'user1', enrollmentSecret: 'x' }));
    return told;
}

report(async () => {
    const ca = connect(caName);
    const enrollment = await ca.enroll({ enrollmentID: 'admin', enrollmentSecret: adminSecret });
    const admin = await userOf(ca, 'admin', enrollment);
    const info = await ca.getCaInfo(admin);
    const life = await identityLife(ca, admin);
    return {
        info: [info.caName, info.caChain === enrollment.rootCertificate, info.issuerPublicKey],
        unknownCa: await refusal(connect('elsewhere').enroll(
            { enrollmentID: 'admin', enrollmentSecret: adminSecret })),
        life: life.told,
        identities: await identities(ca, admin),
        affiliations: await affiliations(ca, admin),
        revocation: await revocation(ca, admin, life),
    };
});
