#include "src/cli/DraftText.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/ConfigChangeText.h"
#include "src/cli/Values.h"

namespace chancery::cli {

Json draftJson(const usecase::CertificateDraft& draft, const std::filesystem::path& out) {
    Json changes = Json::array();
    for (const auto& change : draft.changes)
        changes.push_back({{"path", change.path}, {"sentence", change.sentence}});
    Json agreements = Json::array();
    for (const auto& agreement : draft.agreements)
        agreements.push_back({{"policy", agreement.policy},
                              {"text", agreement.text},
                              {"elements", agreement.elements}});
    return {{"file", bytesToJson(out.string())},
            {"channel", draft.channel.str()},
            {"changes", std::move(changes)},
            {"agreements", std::move(agreements)},
            {"certifier_cleared", draft.certifierCleared}};
}

void printDraft(Printer& print, const usecase::CertificateDraft& draft,
                const std::filesystem::path& out) {
    print.line(good("✓ ") + Text(fmt::format("{} written: a draft for channel {}.", out.string(),
                                             draft.channel.str())));
    print.line("What it changes:", 2);
    for (const auto& change : draft.changes) print.item("•", change.sentence, 2);
    print.line("Who must agree:", 2);
    for (const auto& agreement : draft.agreements)
        print.item("•",
                   Text(agreement.policy) + quiet(agreement.text.empty() ? ", which does not exist"
                                                                         : "  " + agreement.text),
                   2);
    if (draft.certifierCleared)
        print.paragraph(warning("Roles were bound to one CA of the organisation; the draft takes "
                                "that away, for the new CA could give no roles otherwise."),
                        2);
}

ExitCode writeDraft(Session& session, const usecase::CertificateDraft& draft,
                    const std::filesystem::path& out) {
    if (const Status written = writeNewFile(out, draft.update, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        session.print(draftJson(draft, out));
        return ExitCode::Ok;
    }
    Printer& print = session.out();
    printDraft(print, draft, out);
    print.paragraph(quiet("\"channel update draft --edit\" makes a draft of it that several "
                          "organisations can sign; or sign it with \"config sign\" for Fabric's "
                          "own tools."),
                    2);
    return ExitCode::Ok;
}

Json changesJson(const std::vector<usecase::ConfigChange>& changes) {
    Json all = Json::array();
    for (const auto& change : changes) {
        Json one{{"path", change.path}, {"sentence", change.sentence}};
        if (!change.details.empty()) one["details"] = changesJson(change.details);
        all.push_back(std::move(one));
    }
    return all;
}

namespace {

Json standingJson(const usecase::ConfigDraft& draft, const usecase::DraftStanding& standing,
                  const std::filesystem::path& file) {
    Json needs = Json::array();
    for (const auto& need : standing.needs)
        needs.push_back({{"policy", need.policy},
                         {"rule", need.text},
                         {"have", need.have},
                         {"needed", need.needed},
                         {"satisfied", need.satisfied},
                         {"sentence", need.sentence},
                         {"elements", need.elements}});
    Json signers = Json::array();
    for (const auto& signer : standing.signers)
        signers.push_back({{"name", signer.name},
                           {"mspid", bytesToJson(signer.mspId.str())},
                           {"counts", signer.counts},
                           {"why", signer.why}});
    Json rejections = Json::array();
    for (const auto& no : standing.rejections)
        rejections.push_back({{"name", no.name}, {"reason", no.reason}, {"genuine", no.genuine}});
    Json dangers = Json::array();
    for (const auto& danger : standing.dangers)
        dangers.push_back({{"id", danger.id},
                           {"sentence", danger.sentence},
                           {"override", usecase::overrideOf(danger)}});
    return {{"file", bytesToJson(file.string())},
            {"channel", draft.channel.str()},
            {"base_sequence", draft.baseSequence},
            {"base_sha256", draft.baseDigest()},
            {"update_sha256", draft.digest()},
            {"note", bytesToJson(draft.note)},
            {"expires", draft.expires ? Json(rfc3339(*draft.expires)) : Json()},
            {"expired", standing.expired},
            {"changes", changesJson(standing.changes)},
            {"needs", std::move(needs)},
            {"signers", std::move(signers)},
            {"rejections", std::move(rejections)},
            {"dangers", std::move(dangers)},
            {"authorised", standing.authorised}};
}

void printPeople(Printer& print, const usecase::DraftStanding& standing) {
    print.heading("Who must agree");
    for (const auto& need : standing.needs) {
        print.item(need.satisfied ? good("✓") : bad("✗"),
                   strong(need.policy) +
                       quiet(need.text.empty() ? "  which does not exist" : "  " + need.text),
                   2);
        print.line(need.satisfied ? quiet("agreed") : Text(need.sentence), 4);
    }
    if (!standing.signers.empty()) print.heading("Signatures");
    for (const auto& signer : standing.signers)
        print.item(signer.counts ? good("✓") : bad("✗"),
                   Text(signer.name) + quiet(signer.counts ? "" : "  " + signer.why), 2);
    if (!standing.rejections.empty()) print.heading("Rejections");
    for (const auto& no : standing.rejections)
        print.item(no.genuine ? bad("✗") : quiet("?"),
                   Text(no.name + ": " + no.reason) +
                       quiet(no.genuine ? "" : "  (its signature is not good)"),
                   2);
}

}  // namespace

void printStanding(Session& session, const usecase::ConfigDraft& draft,
                   const usecase::DraftStanding& standing, const std::filesystem::path& file) {
    if (session.wantsJson()) return session.print(standingJson(draft, standing, file));
    Printer& print = session.out();
    print.fields({{"Draft", Text(file.string())},
                  {"Channel", Text(draft.channel.str())},
                  {"Starts from", Text(fmt::format("sequence {}", draft.baseSequence))},
                  {"Digest", Text(draft.digest())},
                  {"Note", Text(draft.note)},
                  {"Until", draft.expires ? Text(utc(*draft.expires)) : Text()}});
    print.heading("What it changes");
    printChanges(print, standing.changes, 2, false);
    printPeople(print, standing);
    if (!standing.dangers.empty()) print.heading("Dangers");
    for (const auto& danger : standing.dangers)
        print.item(warning("!"),
                   Text(danger.sentence) + quiet("  (--allow " + usecase::overrideOf(danger) + ")"),
                   2);
    print.blank();
    if (standing.expired)
        print.item(bad("✗"), "Its time is over: nobody signs or sends it any more.");
    else if (standing.authorised)
        print.item(accent("→"),
                   "Enough have signed: \"channel update submit " + file.string() + "\" sends it.");
    else
        print.item(accent("→"),
                   "Send the file to those who must agree; each runs \"channel update sign " +
                       file.filename().string() + "\" and sends it back or on.");
}

}  // namespace chancery::cli
