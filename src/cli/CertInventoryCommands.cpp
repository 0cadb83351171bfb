#include "src/cli/CertInventoryCommands.h"

#include <fmt/format.h>

#include <charconv>

#include "src/base/File.h"
#include "src/cli/CertText.h"
#include "src/cli/Values.h"
#include "src/usecase/CertificateCalendar.h"
#include "src/usecase/ForecastCertificates.h"

namespace chancery::cli {
namespace {

using usecase::CertificateInventory;
using usecase::InventoriedCertificate;
using usecase::InventoryQuery;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr std::string_view kVectors = "tests/data/vectors/";

std::string example(const std::string& words) {
    return fmt::format("{} --config {}config/genesis_tradechannel.block", words, kVectors);
}

/// "2027-03-01", or with a time "2027-03-01T12:00:00Z".
std::optional<absl::Time> dateOf(const std::string& text) {
    absl::Time time;
    for (const char* form : {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S"})
        if (absl::ParseTime(form, text, absl::UTCTimeZone(), &time, nullptr)) return time;
    return std::nullopt;
}

/// Numbers of days; the usual ones when none are given.
std::optional<std::vector<absl::Duration>> daysOf(const std::vector<std::string>& texts) {
    if (texts.empty()) return usecase::ForecastRequest{}.thresholds;
    std::vector<absl::Duration> days;
    for (const std::string& text : texts) {
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || value > 36'500)
            return std::nullopt;
        days.push_back(kDay * value);
    }
    return days;
}

void declareWarn(CommandLine& line, std::vector<std::string>& target) {
    line.values({.names = "--warn",
                 .help = "Days before an end at which to warn; default: 30,14,7",
                 .value = "DAYS",
                 .repeats = true},
                target);
}

Text endText(const InventoriedCertificate& one, absl::Time now) {
    const absl::Time end = one.certificate.notAfter();
    if (one.revocation) return bad("revoked " + utc(one.revocation->at));
    if (end < now) return bad(utc(end) + ", " + distance(end, now));
    return end - now < 30 * kDay ? warning(utc(end) + ", " + distance(end, now)) : Text(utc(end));
}

std::string usesText(const InventoriedCertificate& one) {
    std::vector<std::string> texts;
    for (const usecase::CertificateUse& use : one.uses) texts.push_back(useText(use));
    if (texts.size() > 3) {
        const std::size_t more = texts.size() - 2;
        texts.resize(2);
        texts.push_back(fmt::format("{} more", more));
    }
    return list(texts);
}

Json stepJson(const CertificateInventory& inventory, const usecase::ForecastStep& step,
              absl::Time now) {
    Json certificates = Json::array();
    for (const std::size_t one : step.certificates)
        certificates.push_back(certificateJson(inventory, one, now));
    Json lists = Json::array();
    for (const std::size_t one : step.lists)
        lists.push_back({{"issuer", bytesToJson(inventory.revocationLists()[one].list.issuer())}});
    Json stops = Json::array();
    for (const auto& effect : step.stops) stops.push_back(effectJson(effect));
    Json json{{"at", rfc3339(step.at)},
              {"certificates", std::move(certificates)},
              {"revocation_lists", std::move(lists)},
              {"stops", std::move(stops)}};
    if (step.within) json["within_days"] = absl::ToInt64Hours(*step.within) / 24;
    return json;
}

void showStep(Printer& out, const CertificateInventory& inventory,
              const usecase::ForecastStep& step, absl::Time now) {
    const bool past = step.at < now;
    out.line((past ? bad(utc(step.at)) : warning(utc(step.at))) +
             quiet(" UTC, " + distance(step.at, now)));
    for (const std::size_t index : step.certificates) {
        const InventoriedCertificate& one = inventory.certificates()[index];
        out.item("•",
                 strong(one.name) +
                     Text(one.mspId.empty() ? std::string() : " of " + one.mspId.str()) +
                     quiet(" (" + usesText(one) + ")"),
                 2);
    }
    for (const std::size_t index : step.lists)
        out.item("•",
                 Text("next revocation list of " +
                      inventory.revocationLists()[index].list.issuer() + " is due"),
                 2);
    for (const auto& effect : step.stops)
        out.item(past ? bad("✗") : warning("!"), Text(effectText(effect)), 4);
    if (step.stops.empty()) out.item(" ", quiet("Nothing more stops that is known."), 4);
}

}  // namespace

Help CertListCommand::help() const {
    return {
        .summary = "List every certificate that can be seen, and who uses it for what",
        .about = {"Certificates come from the sources that you name: the folder of a network "
                  "(its nodes are asked what they show over TLS), a workspace, configurations "
                  "of channels, MSP folders, endpoints, CAs, revocation lists and files. The same "
                  "certificate from several of them is one row with all its uses.",
                  "Nothing is changed, and nothing that a node shows is trusted. What could not "
                  "be reached or read is named on standard error, and the exit code is 7."},
        .examples = {{"All certificates of a channel's configuration", example("cert list")},
                     {"Those of one organisation, the newest first",
                      example("cert list --mspid AlphaMSP --sort end")},
                     {"What stops when each one ends, for a program",
                      example("cert list -o json --effects") + " | grep -c sentence"}}};
}

void CertListCommand::declare(CommandLine& line) {
    line.value({.names = "TEXT", .help = "Only those with these words anywhere"}, m_text);
    m_sources.declare(line);
    line.value({.names = "--mspid", .help = "Only of this organisation", .value = "ID"},
               m_organisation);
    line.value({.names = "--role",
                .help = "Only in this role",
                .kind = ValueKind::Choice,
                .value = "ROLE",
                .choices = {"ca", "admin", "peer", "orderer", "client", "tls"}},
               m_role);
    line.value({.names = "--ends-within",
                .help = "Only those that have ended or end within so many days",
                .kind = ValueKind::Number,
                .value = "DAYS"},
               m_days);
    line.flag("--revoked", "Only those that a revocation list names", m_revoked);
    line.flag("--effects", "Tell for each what stops when it ends", m_effects);
    line.value({.names = "--sort",
                .help = "Order of the rows; default: end",
                .kind = ValueKind::Choice,
                .value = "BY",
                .choices = {"end", "name", "organisation", "issuer", "serial"}},
               m_sort);
}

ExitCode CertListCommand::run(Session& session) {
    const absl::Time now = session.clock().now();
    const auto inventory = m_sources.collect(session);
    if (reasonOf(inventory.status()) == "USAGE")
        return session.usage(messageOf(inventory.status()));
    if (!inventory.ok()) return session.fail(inventory.status());
    InventoryQuery query{.text = m_text, .role = m_role.value_or("")};
    if (m_organisation) query.mspId = MspId(*m_organisation);
    if (m_days) query.endsBefore = now + kDay * std::min<std::uint64_t>(*m_days, 36'500);
    query.onlyRevoked = m_revoked;
    const std::string sort = m_sort.value_or("end");
    query.order = sort == "name"           ? InventoryQuery::Order::Name
                  : sort == "organisation" ? InventoryQuery::Order::Organisation
                  : sort == "issuer"       ? InventoryQuery::Order::Issuer
                  : sort == "serial"       ? InventoryQuery::Order::Serial
                                           : InventoryQuery::Order::End;
    const std::vector<std::size_t> found = inventory->find(query);
    std::optional<usecase::CertificateEffects> effects;
    if (m_effects) effects.emplace(*inventory);
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const std::size_t index : found) {
            Json json = certificateJson(*inventory, index, now);
            Json chain = Json::array();
            for (const std::size_t above : inventory->chainOf(index))
                chain.push_back(inventory->certificates()[above].fingerprint);
            json["chain"] = std::move(chain);
            if (effects) {
                json["stops"] = Json::array();
                for (const auto& effect : effects->ofEnd(index))
                    json["stops"].push_back(effectJson(effect));
            }
            array.push_back(std::move(json));
        }
        Json problems = Json::array();
        for (const auto& problem : m_sources.problems())
            problems.push_back({{"place", bytesToJson(problem.place)},
                                {"reason", reasonOf(problem.status)},
                                {"message", messageOf(problem.status)}});
        session.print(Json{{"certificates", std::move(array)}, {"problems", std::move(problems)}});
        return m_sources.exitCode();
    }
    if (found.empty()) {
        session.out().line("No certificate matches.");
        return m_sources.exitCode();
    }
    Table table({{"Ends (UTC)"},
                 {"Name", Align::Left, Fit::CutEnd},
                 {"Organisation", Align::Left, Fit::CutEnd},
                 {"Role"},
                 {"Suite"},
                 {"Used as", Align::Left, Fit::Wrap, 20}});
    for (const std::size_t index : found) {
        const InventoriedCertificate& one = inventory->certificates()[index];
        table.row(
            {endText(one, now), one.name, one.mspId.str(), one.role, one.suite, usesText(one)});
    }
    session.out().table(table);
    if (!effects) return m_sources.exitCode();
    for (const std::size_t index : found) {
        const auto stops = effects->ofEnd(index);
        if (stops.empty()) continue;
        const InventoriedCertificate& one = inventory->certificates()[index];
        session.out().heading("When " + one.name + " ends",
                              quiet("  " + utc(one.certificate.notAfter()) + " UTC"));
        for (const auto& effect : stops) session.out().item("•", effectText(effect), 2);
    }
    return m_sources.exitCode();
}

Help CertForecastCommand::help() const {
    return {
        .summary = "Say for a date which certificates have ended, which will, and what stops",
        .about =
            {"Sets the clock to a date and goes through all ends in order. What stops is told when "
             "it stops for the first time: nodes that are reached no more, consenters and quorums, "
             "identities that are refused, policies that nobody can satisfy.",
             "Ends with exit code 1 when something has ended or will within the longest of the "
             "warnings, so that a script can watch it."},
        .examples = {{.what = "A year in which much has ended",
                      .arguments = example("cert forecast --at 2037-01-01"),
                      .ends = ExitCode::Findings},
                     {.what = "Nothing ends soon after this day",
                      .arguments = example("cert forecast --at 2027-01-01 --warn 30")}}};
}

void CertForecastCommand::declare(CommandLine& line) {
    m_sources.declare(line);
    line.value({.names = "--at",
                .help = "Date (2027-03-01) or time in UTC (2027-03-01T12:00:00Z); default: now",
                .value = "DATE"},
               m_at);
    declareWarn(line, m_warn);
}

ExitCode CertForecastCommand::run(Session& session) {
    const auto at = m_at ? dateOf(*m_at) : std::optional(session.clock().now());
    if (!at) return session.usage("--at is no date of the form 2027-03-01");
    const auto thresholds = daysOf(m_warn);
    if (!thresholds) return session.usage("--warn takes numbers of days");
    const auto inventory = m_sources.collect(session);
    if (reasonOf(inventory.status()) == "USAGE")
        return session.usage(messageOf(inventory.status()));
    if (!inventory.ok()) return session.fail(inventory.status());
    const auto forecast =
        usecase::ForecastCertificates().run(*inventory, {.at = *at, .thresholds = *thresholds});
    const ExitCode code = forecast.isQuiet() ? m_sources.exitCode() : ExitCode::Findings;
    if (session.wantsJson()) {
        Json ended = Json::array();
        for (const auto& step : forecast.ended) ended.push_back(stepJson(*inventory, step, *at));
        Json soon = Json::array();
        for (const auto& step : forecast.soon) soon.push_back(stepJson(*inventory, step, *at));
        Json still = Json::array();
        for (const auto& effect : forecast.standsStill) still.push_back(effectJson(effect));
        session.print(Json{{"at", rfc3339(forecast.at)},
                           {"ended", std::move(ended)},
                           {"soon", std::move(soon)},
                           {"stands_still", std::move(still)},
                           {"good", forecast.good},
                           {"not_yet_valid", forecast.notYet},
                           {"unused_ended", forecast.unusedEnded},
                           {"unused_soon", forecast.unusedSoon}});
        return code;
    }
    Printer& out = session.out();
    out.line(strong("On " + utc(forecast.at) + " UTC"));
    if (!forecast.ended.empty()) out.heading("Has ended");
    for (const auto& step : forecast.ended) showStep(out, *inventory, step, *at);
    if (!forecast.soon.empty()) out.heading("Ends soon");
    for (const auto& step : forecast.soon) showStep(out, *inventory, step, *at);
    out.blank();
    if (forecast.notYet != 0)
        out.line(warning(counted(forecast.notYet, "certificate") + " not valid yet."));
    if (forecast.unusedEnded + forecast.unusedSoon != 0)
        out.line(quiet(fmt::format("Issued, but in nobody's known use: {} ended, {} ending soon.",
                                   forecast.unusedEnded, forecast.unusedSoon)));
    out.line(forecast.isQuiet() ? good(fmt::format("All is well: {} in use end later.",
                                                   counted(forecast.good, "certificate")))
                                : Text(fmt::format("{} in use end later.",
                                                   counted(forecast.good, "certificate"))));
    return code;
}

Help CertCalendarCommand::help() const {
    return {.summary = "Write the ends of certificates as a calendar (iCalendar)",
            .about = {"For any calendar program: one appointment for each certificate in use and "
                      "each revocation list, with alarms before. Made again later, the same "
                      "certificate gives the same appointment, which programs replace.",
                      "The output is the calendar itself, whatever --output says."},
            .examples = {
                {"A calendar of a channel's certificates",
                 example("cert calendar") + " --out certificates.ics"},
                {"How many ends there are", example("cert calendar") + " | grep -c BEGIN:VEVENT"}}};
}

void CertCalendarCommand::declare(CommandLine& line) {
    m_sources.declare(line);
    declareWarn(line, m_warn);
    line.value({.names = "--out",
                .help = "File to create; default: standard output",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_out);
}

ExitCode CertCalendarCommand::run(Session& session) {
    const auto alarms = daysOf(m_warn);
    if (!alarms) return session.usage("--warn takes numbers of days");
    const auto inventory = m_sources.collect(session);
    if (reasonOf(inventory.status()) == "USAGE")
        return session.usage(messageOf(inventory.status()));
    if (!inventory.ok()) return session.fail(inventory.status());
    const usecase::CertificateEffects effects(*inventory);
    std::vector<usecase::CalendarEvent> events;
    for (const std::size_t index : inventory->find({.onlyInUse = true})) {
        const InventoriedCertificate& one = inventory->certificates()[index];
        usecase::CalendarEvent event{.uid = one.fingerprint + "@certificates.chancery",
                                     .at = one.certificate.notAfter(),
                                     .alarms = *alarms};
        event.summary = one.name + " ends";
        if (!one.mspId.empty()) event.summary += " (" + one.mspId.str() + ")";
        event.description =
            "Used as: " + usesText(one) + "\nSerial: " + one.certificate.serialHex();
        for (const auto& effect : effects.ofEnd(index))
            event.description += "\n" + effectText(effect) + ".";
        events.push_back(std::move(event));
    }
    for (const usecase::InventoriedCrl& crl : inventory->revocationLists())
        if (const auto next = crl.list.nextUpdate())
            events.push_back({.uid = "crl-" + crl.list.issuer() + "@certificates.chancery",
                              .at = *next,
                              .summary = "Next revocation list of " + crl.list.issuer() + " is due",
                              .alarms = *alarms});
    const std::string text = usecase::writeCalendar(events, session.clock().now());
    if (!m_out) {
        session.out().raw(text);
        return m_sources.exitCode();
    }
    if (const Status written = writeNewFile(*m_out, text, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print(Json{{"file", bytesToJson(m_out->string())}, {"events", events.size()}});
    else
        session.out().line(good("✓ ") + Text(fmt::format("{} written: {}.", m_out->string(),
                                                         counted(events.size(), "appointment"))));
    return m_sources.exitCode();
}

}  // namespace chancery::cli
