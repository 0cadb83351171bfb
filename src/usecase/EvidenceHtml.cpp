#include "src/usecase/EvidenceHtml.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/usecase/EvidenceWords.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kSignaturesShown = 12;

constexpr std::string_view kStyle =
    "body{font:11pt sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111;"
    "background:#fff}"
    "h1{font-size:18pt}h2{font-size:14pt;border-bottom:1px solid #999;margin-top:2em}"
    "h3{font-size:11pt;margin-bottom:.3em}"
    "table{border-collapse:collapse;width:100%;font-size:9.5pt}"
    "th,td{border:1px solid #bbb;padding:3px 6px;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#eee}"
    "code,pre{font:9pt monospace;overflow-wrap:anywhere;white-space:pre-wrap}"
    "pre{background:#f2f2f2;padding:6px;margin:.4em 0}"
    ".good{color:#126b2f}.bad{color:#a3151c;font-weight:bold}"
    "@media print{body{margin:0;max-width:none}h2{break-after:avoid}table{break-inside:auto}"
    ".page{break-before:page}}";

std::string utc(absl::Time time) {
    return absl::FormatTime("%Y-%m-%d %H:%M:%E3S UTC", time, absl::UTCTimeZone());
}

std::string nameText(const IdentityName& name) {
    std::string text = htmlText(name.commonName.empty() ? "?" : name.commonName) + " (" +
                       htmlText(name.mspId.str());
    for (const std::string& unit : name.organizationalUnits) text += ", " + htmlText(unit);
    return text + ")";
}

std::string valueText(BytesView value) {
    if (isUtf8(value)) return "<code>" + htmlText(value) + "</code>";
    return "<code>0x" + toHex(value.substr(0, 1024)) + (value.size() > 1024 ? "…" : "") + "</code>";
}

class Report {
public:
    explicit Report(const EvidenceHtmlInput& input) : m_input(input), m_content(input.content) {}

    std::string run() {
        begin();
        findings();
        for (std::size_t i = 0; i < m_content.transactions.size(); ++i)
            transaction(m_content.transactions[i], m_content.details[i], m_input.ledger[i]);
        blocks();
        certificates();
        list("What this pack proves", m_content.proved);
        list("What it cannot prove", m_content.notProved);
        byHand();
        m_html += "</body></html>\n";
        return std::move(m_html);
    }

private:
    std::string word(std::string_view english) const {
        return htmlText(evidenceWord(m_input.language, english));
    }
    std::string said(const Sentence& sentence) const {
        if (m_input.say)
            if (const std::string text = m_input.say(sentence); text != sentence.english)
                return htmlText(text);
        return word(sentence.english);
    }
    void heading(std::string_view english, std::string_view extra = {}) {
        m_html += fmt::format("<h2>{}{}</h2>\n", word(english), extra);
    }
    void beginTable(std::initializer_list<std::string_view> columns) {
        m_html += "<table>\n<tr>";
        for (const auto column : columns) m_html += "<th>" + word(column) + "</th>";
        m_html += "</tr>\n";
    }
    void row(std::initializer_list<std::string> cells) {
        m_html += "<tr>";
        for (const std::string& cell : cells) m_html += "<td>" + cell + "</td>";
        m_html += "</tr>\n";
    }
    void endTable() { m_html += "</table>\n"; }
    void fact(std::string_view english, const std::string& html) {
        m_html += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", word(english), html);
    }
    static std::string spanned(bool good, const std::string& html) {
        return fmt::format("<span class=\"{}\">{}</span>", good ? "good" : "bad", html);
    }
    std::string mark(bool good, std::string_view english) const {
        return spanned(good, word(english));
    }

    void begin() {
        const bool chinese = m_input.language == EvidenceLanguage::Chinese;
        m_html = fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'\"><title>{}</title><style>{}</style></head><body>\n"
            "<h1>{}</h1>\n<table>\n",
            chinese ? "zh-CN" : "en", word("Evidence from a ledger"), kStyle,
            word("Evidence from a ledger"));
        fact("Channel", htmlText(m_content.channel));
        fact("Transactions", std::to_string(m_content.transactions.size()));
        fact("Made", htmlText(m_input.madeAt));
        fact("Made with", htmlText(m_input.madeBy));
        fact("Hash of block 0", "<code>" + toHex(m_content.genesisHash) + "</code>");
        endTable();
        m_html += "<p>";
        m_html += m_content.findings.empty()
                      ? mark(true,
                             "All signatures and policies in this pack were checked; nothing "
                             "speaks against it.")
                      : mark(false, "Something is wrong with this evidence. See the findings.");
        m_html += "</p>\n";
    }

    void findings() {
        if (m_content.findings.empty()) return;
        heading("Findings");
        m_html += "<ul>\n";
        for (const LedgerFinding& finding : m_content.findings)
            m_html += fmt::format("<li class=\"bad\">{}: {}</li>\n", htmlText(finding.file),
                                  said(::chancery::told(finding)));
        m_html += "</ul>\n";
    }

    void transaction(const EvidenceTransaction& told, const EvidenceDetails& details,
                     const TransactionDescription& ledger) {
        const TransactionDescription& it = details.description;
        heading("Transaction", " " + htmlText(it.summary.txId.substr(0, 16)) + "…");
        m_html += "<table>\n";
        fact("Block", std::to_string(it.summary.block));
        fact("Position in the block", std::to_string(it.summary.index));
        fact("Transaction id", "<code>" + htmlText(it.summary.txId) + "</code>");
        fact("Type", htmlText(it.summary.type));
        if (it.summary.creator) fact("Submitted by", nameText(*it.summary.creator));
        if (it.summary.time) fact("Stated time", utc(*it.summary.time));
        if (!it.summary.contract.empty()) call(details);
        fact(
            "Verdict recorded in the block",
            it.summary.code ? mark(it.summary.code->valid(), it.summary.code->name) : word("none"));
        fact("What the pack shows", spanned(told.agrees, said(told.verdict)));
        if (ledger.cause)
            fact("Why it was refused (as the exporter's ledger tells)",
                 said(::chancery::told(*ledger.cause)));
        endTable();
        for (const Sentence& fault : it.faults)
            m_html += fmt::format("<p class=\"bad\">{}: {}</p>\n",
                                  word("Parts that cannot be read"), said(fault));
        changes(it.configChanges);
        access(it, ledger);
        endorsements(it);
    }

    void call(const EvidenceDetails& details) {
        const TransactionDescription& it = details.description;
        fact("Contract", htmlText(it.summary.contract));
        fact("Function", htmlText(it.summary.function));
        std::string arguments;
        for (const Bytes& argument : it.arguments)
            arguments += (arguments.empty() ? "" : "<br>") + valueText(argument);
        fact("Arguments", arguments.empty() ? word("none") : arguments);
        fact("Contract version", htmlText(it.contractVersion));
        if (details.definedAt)
            fact("Contract definition",
                 fmt::format("{} {}, {} {}", word("Number"), details.definitionSequence,
                             word("Block"), *details.definedAt));
        if (!it.responsePayload.empty())
            fact("Answer of the contract", valueText(it.responsePayload));
        if (it.event) fact("Event", htmlText(it.event->first) + ": " + valueText(it.event->second));
    }

    void access(const TransactionDescription& it, const TransactionDescription& ledger) {
        if (!it.reads.empty()) {
            m_html += "<h3>" + word("What it had read") + "</h3>\n";
            beginTable({"Contract", "Key", "Version read"});
            for (const ReadDescription& read : it.reads)
                row({place(read.contract, read.collection), valueText(read.key),
                     read.read ? fmt::format("{} {} : {}", word("Block"), read.read->block,
                                             read.read->transaction)
                               : word("did not exist")});
            endTable();
        }
        if (it.writes.empty()) return;
        m_html += "<h3>" + word("What it changed") + "</h3>\n";
        beginTable({"Contract", "Key", "Before (as the exporter's ledger had it)", "After"});
        bool secret = false;
        for (std::size_t i = 0; i < it.writes.size(); ++i) {
            const WriteDescription& write = it.writes[i];
            secret = secret || !write.collection.empty();
            std::string before = word("not known");
            if (ledger.stateKnown && i < ledger.writes.size())
                before = ledger.writes[i].before ? valueText(*ledger.writes[i].before)
                                                 : word("did not exist");
            row({place(write.contract, write.collection), valueText(write.key), before,
                 write.after ? valueText(*write.after) : word("deleted")});
        }
        endTable();
        if (secret) m_html += "<p>" + word("Private data: keys and values are hashes.") + "</p>\n";
    }

    static std::string place(const std::string& contract, const std::string& collection) {
        return htmlText(contract) + (collection.empty() ? "" : " / " + htmlText(collection));
    }

    void endorsements(const TransactionDescription& it) {
        if (!it.endorsements.empty()) {
            m_html += "<h3>" + word("Endorsements") + "</h3>\n";
            beginTable({"Endorsed by", "Counts", "Why"});
            for (const EndorsementDescription& endorsement : it.endorsements)
                row({nameText(endorsement.endorser),
                     mark(endorsement.counts, endorsement.counts ? "yes" : "no"),
                     said(endorsement.why)});
            endTable();
        }
        if (it.policies.empty()) return;
        m_html += "<h3>" + word("Policies") + "</h3>\n<ul>\n";
        for (const PolicyVerdict& policy : it.policies) {
            m_html += fmt::format(
                "<li>{}: <code>{}</code>: {}; {}<ul>", said(policy.subject), said(policy.text),
                mark(policy.satisfied, policy.satisfied ? "satisfied" : "not satisfied"),
                said(policy.sentence));
            explanation(policy.explanation);
            m_html += "</ul></li>\n";
        }
        m_html += "</ul>\n";
    }

    void explanation(const PolicyExplanation& one) {
        m_html +=
            fmt::format("<li><span class=\"{}\">{}</span> <code>{}</code> {}{}",
                        one.satisfied ? "good" : "bad", one.satisfied ? "✓" : "✗", word(one.rule),
                        htmlText(one.usedBy), one.satisfied ? std::string() : " " + reasons(one));
        if (!one.parts.empty()) {
            m_html += "<ul>";
            for (const PolicyExplanation& part : one.parts) explanation(part);
            m_html += "</ul>";
        }
        m_html += "</li>\n";
    }

    std::string reasons(const PolicyExplanation& one) const {
        if (one.reasons.empty()) return htmlText(one.why);
        std::string text;
        for (const Sentence& reason : one.reasons)
            text += (text.empty() ? "" : "; ") + said(reason);
        return text;
    }

    void changes(const std::vector<ConfigChange>& changes) {
        if (changes.empty()) return;
        m_html += "<h3>" + word("Changes of the configuration") + "</h3>\n<ul>\n";
        for (const ConfigChange& change : changes)
            m_html += "<li>" + said(change.told()) + "</li>\n";
        m_html += "</ul>\n";
    }

    void blocks() {
        heading("Blocks");
        beginTable({"Number", "Hash", "Configuration in force", "Checked", "File"});
        for (const EvidenceBlock& block : m_content.blocks)
            row({std::to_string(block.description.summary.number) +
                     (block.description.summary.config ? " (" + word("configuration") + ")" : ""),
                 "<code>" + toHex(block.description.summary.hash) + "</code>",
                 std::to_string(block.configSequence),
                 mark(block.good, block.good ? "good" : "bad"), htmlText(block.file)});
        endTable();
    }

    void certificates() {
        heading("Certificates");
        beginTable({"File", "Name", "Signed as", "Valid", "Fingerprint (SHA-256)"});
        for (const EvidenceCertificate& certificate : m_content.certificates) {
            std::string roles;
            for (const std::string& role : certificate.roles)
                roles += (roles.empty() ? "" : ", ") + word(role);
            row({htmlText(certificate.file), nameText(certificate.name), roles,
                 utc(certificate.notBefore) + " –<br>" + utc(certificate.notAfter),
                 "<code>" + certificate.name.fingerprint + "</code>"});
        }
        endTable();
    }

    void list(std::string_view title, const std::vector<std::string>& sentences) {
        heading(title);
        m_html += "<ul>\n";
        for (const std::string& sentence : sentences) m_html += "<li>" + word(sentence) + "</li>\n";
        m_html += "</ul>\n";
    }

    void command(const std::string& text) {
        m_html += "<pre class=\"command\">" + htmlText(text) + "</pre>\n";
    }
    void step(std::string_view english) { m_html += "<h3>" + word(english) + "</h3>\n"; }

    /// All names in the commands are the pack's own.
    void byHand() {
        m_html += "<div class=\"page\"></div>\n";
        heading("How to check by hand");
        m_html += "<p>" +
                  word(
                      "Open a terminal (bash) in the folder of this pack. sha256sum and openssl "
                      "are part of every Linux system; chanceryctl is part of Chancery.") +
                  "</p>\n";
        step("1. No file was changed since the pack was made.");
        command("sha256sum --quiet --strict -c SHA256SUMS");
        step(
            "2. Everything at once: hashes, configurations, signatures, policies, and that each "
            "claim is what the blocks say.");
        command("chanceryctl ledger verify .");
        step("3. See for yourself what a block or a transaction holds.");
        for (std::size_t i = 0; i < std::min(kSignaturesShown, m_content.transactions.size()); ++i)
            command(fmt::format("chanceryctl ledger show blocks --tx {}/{}",
                                m_content.transactions[i].summary.block,
                                m_content.transactions[i].summary.index));
        signatures();
        step("7. That CA stands in the channel's configuration.");
        std::string config = "blocks/block_0.pb";
        for (const EvidenceBlock& block : m_content.blocks)
            if (block.description.summary.config) config = block.file;
        command("chanceryctl config show " + config);
        step(
            "8. The first block is the one that you know: compare its hash with somebody whom you "
            "trust.");
        command("chanceryctl ledger show blocks --block 0");
    }

    void signatures() {
        std::vector<std::pair<const EvidenceSignature*, BlockNumber>> all;
        for (const EvidenceDetails& details : m_content.details)
            for (const EvidenceSignature& signature : details.signatures)
                all.emplace_back(&signature, details.description.summary.block);
        for (const EvidenceBlock& block : m_content.blocks)
            for (const EvidenceSignature& signature : block.signatures)
                all.emplace_back(&signature, block.description.summary.number);
        std::erase_if(all, [](const auto& one) {
            return !one.first->good || one.first->certificate.empty();
        });
        if (all.size() > 3 * kSignaturesShown) all.resize(3 * kSignaturesShown);
        step("4. The signed bytes of the creator stand in the block.");
        for (const auto& [signature, block] : all)
            if (signature->offset)
                command(fmt::format(
                    "tail -c +{} blocks/block_{}.pb | head -c {} | cmp - {} && echo same",
                    *signature->offset + 1, block, signature->size, signature->message));
        step("5. A signature fits the certificate: openssl says \"Verified OK\".");
        for (const auto& [signature, block] : all)
            if (const auto* certificate = certificateOf(*signature);
                certificate != nullptr && certificate->keyAlgorithm.starts_with("ECDSA"))
                command(
                    fmt::format("openssl dgst -sha256 -verify <(openssl x509 -in {} -noout "
                                "-pubkey) -signature {} {}",
                                certificate->file, signature->signature, signature->message));
        step("6. The certificate was issued by the organisation's CA.");
        for (const EvidenceCertificate& certificate : m_content.certificates)
            if (!certificate.issuerFile.empty())
                command(fmt::format("openssl verify -no_check_time -partial_chain -trusted {} {}",
                                    certificate.issuerFile, certificate.file));
    }

    const EvidenceCertificate* certificateOf(const EvidenceSignature& signature) const {
        for (const EvidenceCertificate& certificate : m_content.certificates)
            if (certificate.file == signature.certificate) return &certificate;
        return nullptr;
    }

    const EvidenceHtmlInput& m_input;
    const EvidenceContent& m_content;
    std::string m_html;
};

}  // namespace

std::string htmlText(BytesView text, std::size_t maxBytes) {
    std::string html;
    for (const char c : printable(text, maxBytes)) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

std::string evidenceHtml(const EvidenceHtmlInput& input) {
    return Report(input).run();
}

}  // namespace chancery::usecase
