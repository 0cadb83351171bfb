#include "src/cli/MspBundleCommands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/MspBundle.h"

namespace chancery::cli {
namespace {

constexpr std::string_view kAlpha =
    "tests/data/vectors/msp/peerOrganizations/alpha.pub.test/msp --msp-id AlphaMSP";

std::string_view partText(std::string_view what) {
    return what == "root"               ? "root of identities"
           : what == "intermediate"     ? "intermediate CA"
           : what == "tls_root"         ? "root of TLS"
           : what == "tls_intermediate" ? "intermediate CA of TLS"
           : what == "admin"            ? "administrator"
                                        : "revocation list";
}

Json bundleJson(const usecase::MspBundle& bundle) {
    Json parts = Json::array();
    for (const auto& part : bundle.parts)
        parts.push_back(
            {{"what", part.what},
             {"name", bytesToJson(part.name)},
             {"until", part.until == absl::InfiniteFuture() ? Json() : Json(rfc3339(part.until))},
             {"sha256", part.fingerprint}});
    return {{"mspid", bundle.mspId.str()},
            {"organisation", bytesToJson(bundle.name)},
            {"parts", std::move(parts)},
            {"sha256", bundle.digest},
            {"words", bundle.words}};
}

/// Four in a line, as they are read out.
void showWords(Printer& out, const std::string& words) {
    std::size_t count = 0;
    std::string row;
    for (const char c : words + " ") {
        if (c != ' ' || ++count % 4 != 0) {
            row += c;
            continue;
        }
        out.line(strong(row), 4);
        row.clear();
    }
}

void showBundle(Printer& out, const usecase::MspBundle& bundle, absl::Time now) {
    out.line(strong(bundle.name) + quiet("  MSP " + bundle.mspId.str()));
    Table table({{"What"}, {"Name", Align::Left, Fit::CutEnd}, {"Until (UTC)"}});
    for (const auto& part : bundle.parts) {
        const bool endless = part.until == absl::InfiniteFuture();
        table.row({std::string(partText(part.what)), part.name,
                   endless            ? Text()
                   : part.until < now ? bad(utc(part.until))
                                      : utc(part.until)});
    }
    out.table(table, 2);
    out.blank();
    out.line("Fingerprint, to be compared by phone:", 2);
    showWords(out, bundle.words);
}

}  // namespace

Help MspExportCommand::help() const {
    return {.summary = "Put an organisation's public definition into one file for other members",
            .about = {"The file (a bundle) has the MSP definition, the roots of TLS and the "
                      "revocation lists of an MSP folder; no key and no signing identity. What a "
                      "node would not accept is refused.",
                      "Send the file in any way, and read the words of its fingerprint to the "
                      "receiver by phone: whoever changes the file changes the words."},
            .examples = {{"The bundle of an organisation",
                          fmt::format("msp export {} --out alpha.bundle", kAlpha)}}};
}

void MspExportCommand::declare(CommandLine& line) {
    line.value({.names = "DIR",
                .help = "MSP folder of the organisation",
                .kind = ValueKind::Folder,
                .required = true},
               m_folder);
    line.value({.names = "--msp-id", .help = "Its MSP id", .value = "ID", .required = true},
               m_mspId);
    line.value({.names = "--name",
                .help = "Name of the organisation for people; default: the MSP id",
                .value = "NAME"},
               m_name);
    line.value({.names = "--out",
                .help = "File to create",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_out);
}

ExitCode MspExportCommand::run(Session& session) {
    const auto bundle =
        usecase::ExportMspBundle().run(m_folder, MspId(m_mspId), m_name.value_or(""));
    if (!bundle.ok()) return session.fail(bundle.status());
    if (const Status written = writeNewFile(m_out, bundle->bytes, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        Json json = bundleJson(*bundle);
        json["file"] = bytesToJson(m_out.string());
        session.print(json);
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") + Text(fmt::format("{} written, {}.", m_out.string(),
                                                     size(bundle->bytes.size()))));
    showBundle(session.out(), *bundle, session.clock().now());
    return ExitCode::Ok;
}

Help MspBundleCommand::help() const {
    return {.summary = "Read a bundle: whose it is, what it holds, the words of its fingerprint",
            .about = {"Everything is checked as a node checks it. Nothing is written."},
            .examples = {{"The words of a bundle", "msp bundle tests/data/bundles/alpha.bundle"}}};
}

void MspBundleCommand::declare(CommandLine& line) {
    line.value({.names = "FILE", .help = "A bundle", .kind = ValueKind::File, .required = true},
               m_file);
}

ExitCode MspBundleCommand::run(Session& session) {
    const auto bundle = usecase::ReadMspBundle().run(m_file);
    if (!bundle.ok()) return session.fail(bundle.status());
    if (session.wantsJson())
        session.print(bundleJson(*bundle));
    else
        showBundle(session.out(), *bundle, session.clock().now());
    return ExitCode::Ok;
}

Help MspImportCommand::help() const {
    return {
        .summary = "Make an MSP folder of another organisation's bundle, after comparing words",
        .about = {"Shows the bundle and asks whether its sender reads the same words; a script "
                  "gives them with --yes-fingerprint. Without the right words nothing is "
                  "written, and the command ends with exit code 3.",
                  "The folder serves wherever one of an organisation is asked for: \"msp "
                  "check\", \"cert list --msp\", configtxgen."},
        .examples = {{.what = "With the words that the sender has read out",
                      .arguments = "msp import tests/data/bundles/alpha.bundle --out alpha-msp "
                                   "--yes-fingerprint \"tangerine reptile coffee glacier juggler "
                                   "hazelnut muffin triangle athlete lagoon earring swallow\""}}};
}

void MspImportCommand::declare(CommandLine& line) {
    line.value({.names = "FILE", .help = "A bundle", .kind = ValueKind::File, .required = true},
               m_file);
    line.value({.names = "--out",
                .help = "Folder to create",
                .kind = ValueKind::Path,
                .value = "DIR",
                .required = true},
               m_out);
    line.value({.names = "--yes-fingerprint",
                .help = "The words that the sender reads out, instead of being asked",
                .value = "WORDS",
                .whole = true},
               m_words);
}

ExitCode MspImportCommand::run(Session& session) {
    const auto bundle = usecase::ReadMspBundle().run(m_file);
    if (!bundle.ok()) return session.fail(bundle.status());
    std::string words = m_words.value_or("");
    if (!m_words) {
        if (::isatty(STDIN_FILENO) == 0)
            return session.usage("nobody is there to compare the words",
                                 "give them with --yes-fingerprint");
        showBundle(session.err(), *bundle, session.clock().now());
        session.err().line("Does the sender read the same words? Type yes, or the words:", 2);
        std::getline(std::cin, words);
        if (words == "yes") words = bundle->words;
    }
    if (const Status done = usecase::ImportMspBundle().run(*bundle, words, m_out); !done.ok())
        return session.fail(done, done.code() == StatusCode::kPermissionDenied
                                      ? ExitCode::UnreadableInput
                                      : ExitCode::CannotWrite);
    if (session.wantsJson()) {
        Json json = bundleJson(*bundle);
        json["folder"] = bytesToJson(m_out.string());
        session.print(json);
    } else {
        session.out().line(good("✓ ") +
                           Text(fmt::format("{} holds the MSP of {} ({}).", m_out.string(),
                                            bundle->name, bundle->mspId.str())));
    }
    return ExitCode::Ok;
}

}  // namespace chancery::cli
