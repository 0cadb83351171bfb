#pragma once

#include "src/cli/CertSources.h"
#include "src/cli/Command.h"

namespace chancery::cli {

/// Every certificate that can be seen, with who uses it.
class CertListCommand : public Command {
public:
    std::string words() const override { return "cert list"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CertSources m_sources;
    std::string m_text;
    std::optional<std::string> m_organisation;
    std::optional<std::string> m_role;
    std::optional<std::string> m_sort;
    std::optional<std::uint64_t> m_days;
    bool m_revoked = false;
    bool m_effects = false;
};

/// What has ended at a date, what is about to, and what stops.
class CertForecastCommand : public Command {
public:
    std::string words() const override { return "cert forecast"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CertSources m_sources;
    std::optional<std::string> m_at;
    std::vector<std::string> m_warn;
};

/// The ends as appointments.
class CertCalendarCommand : public Command {
public:
    std::string words() const override { return "cert calendar"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CertSources m_sources;
    std::vector<std::string> m_warn;
    std::optional<std::filesystem::path> m_out;
};

}  // namespace chancery::cli
