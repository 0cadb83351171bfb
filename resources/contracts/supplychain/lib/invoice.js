'use strict';

const {Contract} = require('fabric-contract-api');
const {refuse, timeOf, callerOf, requireText, requireId, requirePageSize, read, write, announce, historyOf} =
    require('./support.js');

// What may follow what, and who may do it. A role is an organisation that stands in the invoice.
//   ISSUED ── buyer ──► ACCEPTED ── supplier ──► OFFERED ── financier ──► FINANCED ── financier ──► SETTLED
const STEPS = {
    Accept: {from: ['ISSUED'], to: 'ACCEPTED', role: 'buyer'},
    Reject: {from: ['ISSUED'], to: 'REJECTED', role: 'buyer'},
    Cancel: {from: ['ISSUED'], to: 'CANCELLED', role: 'supplier'},
    RequestFinancing: {from: ['ACCEPTED'], to: 'OFFERED', role: 'supplier'},
    DeclineFinancing: {from: ['OFFERED'], to: 'ACCEPTED', role: 'financier'},
    WithdrawRequest: {from: ['OFFERED'], to: 'ACCEPTED', role: 'supplier'},
    Finance: {from: ['OFFERED'], to: 'FINANCED', role: 'financier'},
    Settle: {from: ['ACCEPTED', 'FINANCED'], to: 'SETTLED', role: 'holder'},
};

class InvoiceContract extends Contract {
    constructor() {
        super('supplychain');
    }

    // The caller's organisation is the supplier. `documentHash` is SHA-256 of the invoice on paper: the same paper can be
    // issued only once, under whatever number.
    async Issue(ctx, invoiceId, documentHash, buyerMsp, amount, currency, dueDate) {
        requireId(invoiceId, 'the invoice');
        requireText(buyerMsp, 'the buyer');
        const hash = requireHash(documentHash);
        const supplier = callerOf(ctx).mspId;
        if (buyerMsp === supplier) refuse('SAME_PARTY', `${supplier} cannot be supplier and buyer of one invoice`);
        requireAmount(amount, 'the amount');
        if (!/^[A-Z]{3}$/.test(currency)) refuse('BAD_ARGUMENT', `'${currency}' is no currency code like EUR`);
        requireFuture(ctx, dueDate);
        if (await read(ctx, invoiceKey(ctx, invoiceId)) !== null) {
            refuse('INVOICE_EXISTS', `there is an invoice '${invoiceId}' already`);
        }
        const documentKey = ctx.stub.createCompositeKey('document', [hash]);
        const used = await read(ctx, documentKey);
        if (used !== null) {
            refuse('DOCUMENT_USED', `the same document was issued as invoice '${used.invoice}': it cannot be financed twice`);
        }
        const invoice = {
            docType: 'invoice', id: invoiceId, status: 'ISSUED', documentHash: hash, supplier, buyer: buyerMsp,
            financier: null, holder: supplier, amount, currency, advance: null, dueDate, issued: timeOf(ctx),
            lastStep: {name: 'Issue', by: callerOf(ctx).name, at: timeOf(ctx), remark: ''},
        };
        await write(ctx, invoiceKey(ctx, invoiceId), invoice);
        await write(ctx, documentKey, {docType: 'document', invoice: invoiceId});
        await indexParty(ctx, supplier, invoiceId);
        await indexParty(ctx, buyerMsp, invoiceId);
        announce(ctx, 'InvoiceIssued', {invoice: invoiceId, supplier, buyer: buyerMsp, amount, currency, dueDate});
        return invoice;
    }

    async Accept(ctx, invoiceId) {
        return await this._step(ctx, 'Accept', invoiceId, '');
    }

    async Reject(ctx, invoiceId, reason) {
        return await this._step(ctx, 'Reject', invoiceId, requireText(reason, 'the reason', 256));
    }

    async Cancel(ctx, invoiceId, reason) {
        return await this._step(ctx, 'Cancel', invoiceId, requireText(reason, 'the reason', 256));
    }

    // The supplier asks one organisation to pay `advance` now and to collect the whole amount later.
    async RequestFinancing(ctx, invoiceId, financierMsp, advance) {
        requireText(financierMsp, 'the financier');
        requireAmount(advance, 'the advance');
        return await this._step(ctx, 'RequestFinancing', invoiceId, '', (invoice) => {
            if ([invoice.supplier, invoice.buyer].includes(financierMsp)) {
                refuse('SAME_PARTY', `${financierMsp} is a party of the invoice already`);
            }
            if (compareAmounts(advance, invoice.amount) > 0) {
                refuse('BAD_AMOUNT', `the advance ${advance} is more than the invoice's ${invoice.amount} ${invoice.currency}`);
            }
            requireFuture(ctx, invoice.dueDate);
            invoice.financier = financierMsp;
            invoice.advance = advance;
        }, async (invoice) => await indexParty(ctx, financierMsp, invoice.id));
    }

    async DeclineFinancing(ctx, invoiceId, reason) {
        return await this._step(ctx, 'DeclineFinancing', invoiceId, requireText(reason, 'the reason', 256), withoutFinancier);
    }

    async WithdrawRequest(ctx, invoiceId) {
        return await this._step(ctx, 'WithdrawRequest', invoiceId, '', withoutFinancier);
    }

    // From here on the financier holds the claim.
    async Finance(ctx, invoiceId, paymentReference) {
        return await this._step(ctx, 'Finance', invoiceId, requireText(paymentReference, 'the payment reference', 256),
            (invoice) => {
                invoice.holder = invoice.financier;
            });
    }

    // Whoever holds the claim confirms that the buyer has paid.
    async Settle(ctx, invoiceId, paymentReference) {
        return await this._step(ctx, 'Settle', invoiceId, requireText(paymentReference, 'the payment reference', 256));
    }

    async GetInvoice(ctx, invoiceId) {
        return await this._invoice(ctx, invoiceId);
    }

    async GetHistory(ctx, invoiceId) {
        await this._invoice(ctx, invoiceId);
        const versions = await historyOf(ctx, invoiceKey(ctx, invoiceId));
        return versions.map(({txId, at, value}) => ({txId, at, status: value?.status ?? null, step: value?.lastStep ?? null}));
    }

    async ListByParty(ctx, mspId, pageSize, bookmark) {
        requireText(mspId, 'the organisation');
        const {iterator, metadata} = await ctx.stub.getStateByPartialCompositeKeyWithPagination(
            'party', [mspId], requirePageSize(pageSize), bookmark);
        const invoices = [];
        for (let row = await iterator.next(); !row.done; row = await iterator.next()) {
            const invoiceId = ctx.stub.splitCompositeKey(row.value.key).attributes[1];
            invoices.push(await this._invoice(ctx, invoiceId));
        }
        await iterator.close();
        return {invoices, bookmark: metadata?.bookmark ?? ''};
    }

    async _invoice(ctx, invoiceId) {
        requireId(invoiceId, 'the invoice');
        const invoice = await read(ctx, invoiceKey(ctx, invoiceId));
        if (invoice === null) refuse('NO_SUCH_INVOICE', `there is no invoice '${invoiceId}'`);
        return invoice;
    }

    async _step(ctx, name, invoiceId, remark, change = () => undefined, after = async () => undefined) {
        const step = STEPS[name];
        const invoice = await this._invoice(ctx, invoiceId);
        const caller = callerOf(ctx);
        // Financed once is financed for good: say that before anything else.
        if (name === 'RequestFinancing' && ['OFFERED', 'FINANCED', 'SETTLED'].includes(invoice.status)) {
            refuse('ALREADY_FINANCED', `invoice '${invoiceId}' is ${invoice.status}` +
                `${invoice.financier === null ? '' : ` with ${invoice.financier}`}: it cannot be financed twice`);
        }
        if (!step.from.includes(invoice.status)) {
            refuse('WRONG_STATE', `invoice '${invoiceId}' is ${invoice.status}; ${name} needs ${step.from.join(' or ')}`);
        }
        const responsible = invoice[step.role];
        if (caller.mspId !== responsible) {
            refuse('NOT_ALLOWED', `${name} of invoice '${invoiceId}' is up to its ${step.role} ${responsible}, not to ${caller.mspId}`);
        }
        change(invoice);
        invoice.status = step.to;
        invoice.lastStep = {name, by: caller.name, at: timeOf(ctx), remark};
        await write(ctx, invoiceKey(ctx, invoiceId), invoice);
        await after(invoice);
        announce(ctx, `Invoice${step.to.charAt(0)}${step.to.slice(1).toLowerCase()}`, {
            invoice: invoiceId, step: name, by: caller.mspId, financier: invoice.financier, advance: invoice.advance,
        });
        return invoice;
    }
}

function withoutFinancier(invoice) {
    invoice.financier = null;
    invoice.advance = null;
}

function invoiceKey(ctx, invoiceId) {
    return ctx.stub.createCompositeKey('invoice', [invoiceId]);
}

async function indexParty(ctx, mspId, invoiceId) {
    await ctx.stub.putState(ctx.stub.createCompositeKey('party', [mspId, invoiceId]), Buffer.from([0]));
}

function requireHash(hash) {
    if (!/^[0-9a-fA-F]{64}$/.test(hash)) {
        refuse('BAD_HASH', `'${String(hash).slice(0, 80)}' is no SHA-256 in hexadecimal (64 digits)`);
    }
    return hash.toLowerCase();
}

function requireAmount(amount, what) {
    if (!/^(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?$/.test(amount) || /^[0.]+$/.test(amount)) {
        refuse('BAD_AMOUNT', `${what} '${amount}' is no decimal number above zero, like 1250.00`);
    }
}

function compareAmounts(a, b) {
    const scaled = (text) => {
        const [whole, fraction = ''] = text.split('.');
        return BigInt(whole + fraction.padEnd(4, '0'));
    };
    const difference = scaled(a) - scaled(b);
    return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function requireFuture(ctx, dueDate) {
    const isDate = /^\d{4}-\d{2}-\d{2}$/.test(dueDate) && !Number.isNaN(Date.parse(`${dueDate}T00:00:00Z`)) &&
        new Date(`${dueDate}T00:00:00Z`).toISOString().startsWith(dueDate);
    if (!isDate) refuse('BAD_DATE', `the due date '${dueDate}' is no date like 2027-03-31`);
    const today = timeOf(ctx).slice(0, 10);
    if (dueDate <= today) refuse('PAST_DUE', `the due date ${dueDate} is not after today, ${today}`);
}

module.exports = InvoiceContract;
