#pragma once

#include <filesystem>
#include <string>

namespace chancery::test {

/// A PKCS#11 token in software, in a folder of this test program alone. Made before anything loads
/// the module. Ends the test run when SoftHSM is not installed.
class SoftHsm {
public:
    /// The one of this program.
    static const SoftHsm& instance();

    /// Of Debian's package.
    const std::filesystem::path& module() const { return m_module; }
    /// A new token; its label.
    std::string makeToken(const std::string& label) const;
    /// What child processes need in their environment: "SOFTHSM2_CONF=…".
    std::string environment() const;
    const std::filesystem::path& folder() const { return m_folder; }

    static constexpr const char* kPin = "canary-PIN-8402";
    static constexpr const char* kSecurityOfficerPin = "canary-SO-77310";

private:
    SoftHsm();
    ~SoftHsm();

    std::filesystem::path m_folder;
    std::filesystem::path m_module;
};

}  // namespace chancery::test
