#include "src/cli/PolicyParseCommand.h"

#include <charconv>

#include "src/base/Encoding.h"
#include "src/cli/CellWidth.h"
#include "src/cli/PolicyText.h"
#include "src/cli/Session.h"
#include "src/usecase/ParsePolicy.h"

namespace chancery::cli {
namespace {

/// The text with a mark under the place that was not understood.
void pointAt(Printer& out, const std::string& text, std::size_t offset) {
    offset = std::min(offset, text.size());
    constexpr std::size_t kBefore =
        48;  // cells of text before the place, so that the mark stays on screen
    std::size_t from = 0;
    while (cellsOf(printable(std::string_view(text).substr(from, offset - from))) > kBefore) ++from;
    while (from < offset && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) ++from;
    const std::string lead = from > 0 ? "…" : "";
    const std::string before = lead + printable(std::string_view(text).substr(from, offset - from));
    out.line(Text(before) + Text(std::string_view(text).substr(offset)).cutAtEnd(48), 4);
    out.line(bad(std::string(cellsOf(before), ' ') + "^"), 4);
}

void show(Printer& out, const usecase::ParsedPolicy& policy) {
    out.tree(treeOf(policy.tree));
    out.blank();
    std::vector<Printer::Field> fields{{"Text", Text(policy.text)}};
    std::vector<Text> numbered;
    for (std::size_t i = 0; i < policy.principals.size(); ++i)
        numbered.push_back(quiet(fmt::format("{} ", i)) + Text(policy.principals[i]));
    fields.emplace_back("Signers, as numbered in the bytes", joined(numbered, ", "));
    std::vector<Text> organisations(policy.organisations.begin(), policy.organisations.end());
    fields.emplace_back("Organisations", joined(organisations, ", "));
    fields.emplace_back("Encoded as", Text(policy.messageName));
    fields.emplace_back("Bytes", Text(toHex(policy.bytes)));
    out.fields(fields);
}

}  // namespace

Help PolicyParseCommand::help() const {
    return {
        .summary = "Read a policy text: what it means, and the bytes that it becomes",
        .about =
            {"The text is the language of Fabric's own tools: AND(…), OR(…) and OutOf(n, …) over "
             "principals "
             "'MSPID.role' with the roles member, admin, client, peer and orderer. Policies that "
             "refer to those "
             "of all organisations are understood, too: ANY, ALL or MAJORITY and a name.",
             "If the text is wrong, a mark stands under the first place that was not understood."},
        .examples = {
            {"Two of three organisations",
             "policy parse \"OutOf(2, 'AlphaMSP.peer', 'BetaMSP.peer', 'GammaMSP.peer')\""},
            {"A policy over the organisations' own policies", "policy parse \"MAJORITY Admins\""},
            {"The encoded bytes alone",
             "policy parse \"OR('AlphaMSP.admin')\" --output json | grep bytes_hex"},
            {"A typing error", "policy parse \"OR('AlphaMSP.boss')\"", ExitCode::UnreadableInput}}};
}

void PolicyParseCommand::declare(CommandLine& line) {
    line.value({.names = "TEXT", .help = "The policy; quote it for your shell", .required = true},
               m_text);
}

ExitCode PolicyParseCommand::run(Session& session) {
    const auto policy = usecase::ParsePolicy().run(m_text);
    if (!policy.ok()) {
        const ExitCode code = session.fail(policy.status());
        std::size_t offset = 0;
        const std::string given = argumentOf(policy.status(), "offset");
        const bool known =
            std::from_chars(given.data(), given.data() + given.size(), offset).ec == std::errc{};
        if (known && !session.wantsJson()) pointAt(session.err(), m_text, offset);
        return code;
    }
    if (session.wantsJson())
        session.print(Json{{"text", policy->text},
                           {"tree", toJson(policy->tree)},
                           {"principals", policy->principals},
                           {"organisations", policy->organisations},
                           {"message", policy->messageName},
                           {"bytes_hex", toHex(policy->bytes)}});
    else
        show(session.out(), *policy);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
