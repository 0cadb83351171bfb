#include "tests/support/SoftHsm.h"

#include <stdlib.h>

#include <QProcess>
#include <fstream>
#include <stdexcept>

namespace chancery::test {

namespace fs = std::filesystem;

SoftHsm::SoftHsm() {
    std::string name = (fs::temp_directory_path() / "softhsm.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    m_folder = name;
    fs::create_directory(m_folder / "tokens");
    std::ofstream(m_folder / "softhsm2.conf")
        << "directories.tokendir = " << (m_folder / "tokens").string()
        << "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n";
    ::setenv("SOFTHSM2_CONF", (m_folder / "softhsm2.conf").c_str(), 1);
    for (const char* path :
         {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"})
        if (fs::exists(path)) m_module = path;
    if (m_module.empty()) throw std::runtime_error("SoftHSM is not installed (./dev test does it)");
}

SoftHsm::~SoftHsm() {
    std::error_code error;
    fs::remove_all(m_folder, error);
}

const SoftHsm& SoftHsm::instance() {
    static const SoftHsm one;
    return one;
}

std::string SoftHsm::environment() const {
    return "SOFTHSM2_CONF=" + (m_folder / "softhsm2.conf").string();
}

std::string SoftHsm::makeToken(const std::string& label) const {
    QProcess process;
    process.start("softhsm2-util",
                  {"--init-token", "--free", "--label", QString::fromStdString(label), "--so-pin",
                   kSecurityOfficerPin, "--pin", kPin});
    if (!process.waitForFinished() || process.exitCode() != 0)
        throw std::runtime_error("softhsm2-util: " + process.readAllStandardError().toStdString());
    return label;
}

}  // namespace chancery::test
