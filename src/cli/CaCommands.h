#pragma once

#include <vector>

#include "src/cli/CaAccess.h"
#include "src/cli/Command.h"

namespace chancery::cli {

/// The folder of an organisation's two CAs.
class CaInitCommand : public Command {
public:
    std::string words() const override { return "ca init"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_name;
    std::filesystem::path m_folder = "ca";
    std::string m_organisation;
    std::string m_suite = "ECDSA-P256";
    std::string m_listen = "127.0.0.1:7054";
    std::vector<std::string> m_hosts;
    std::optional<std::uint64_t> m_secret;
};

/// Serves until it is interrupted.
class CaStartCommand : public Command {
public:
    std::string words() const override { return "ca start"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;
    bool hasForms() const override { return false; }

private:
    std::filesystem::path m_folder = "ca";
    bool m_once = false;
};

/// What a CA says of itself to everybody.
class CaInfoCommand : public Command {
public:
    std::string words() const override { return "ca info"; }
    Help help() const override;
    void declare(CommandLine& line) override { m_ca.declare(line); }
    ExitCode run(Session& session) override;

private:
    CaAccess m_ca;
};

/// A fresh revocation list.
class CaCrlCommand : public Command {
public:
    std::string words() const override { return "ca crl"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CaCallAccess m_access;
    std::filesystem::path m_out;
};

}  // namespace chancery::cli
