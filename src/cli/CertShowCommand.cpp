#include "src/cli/CertShowCommand.h"

#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/DescribeCertificate.h"

namespace chancery::cli {
namespace {

using usecase::CertificateDescription;

constexpr absl::Duration kSoon = absl::Hours(30 * 24);

std::int64_t daysUntil(absl::Time time, absl::Time now) {
    return absl::ToInt64Hours(time - now) / 24;
}

Text validityOf(const CertificateDescription& certificate, absl::Time now) {
    Text text(utc(certificate.notBefore) + " to " + utc(certificate.notAfter) + " UTC, ");
    if (now < certificate.notBefore) return text.add("not yet valid", Tone::Bad);
    if (now > certificate.notAfter)
        return text.add(
            "expired " +
                counted(static_cast<std::uint64_t>(daysUntil(now, certificate.notAfter)), "day") +
                " ago",
            Tone::Bad);
    const std::string left =
        counted(static_cast<std::uint64_t>(daysUntil(certificate.notAfter, now)), "day") + " left";
    return text.add(left, certificate.notAfter - now < kSoon ? Tone::Warning : Tone::Good);
}

Text roleOf(const CertificateDescription& certificate) {
    if (certificate.isCa) return "certificate authority; it cannot act on a channel itself";
    if (certificate.roles.size() == 1)
        return Text(certificate.roles.front(), Tone::Strong) +
               quiet("  (from its organizational unit)");
    if (certificate.roles.empty())
        return warning("none: no organizational unit says client, peer, admin or orderer");
    return warning(fmt::format("none: several organizational units name a role ({})",
                               list(certificate.roles)));
}

void show(Printer& out, const CertificateDescription& certificate, absl::Time now) {
    out.line(strong(certificate.commonName.empty() ? certificate.subject : certificate.commonName));
    std::vector<Printer::Field> fields{
        {"Subject", Text(certificate.subject)},
        {"Issued by", certificate.selfIssued ? quiet("itself") : Text(certificate.issuer)},
        {"Valid", validityOf(certificate, now)},
        {"Role in Fabric", roleOf(certificate)},
        {"Organizational units", Text(list(certificate.organizationalUnits))},
        {"Names it serves", Text(list(certificate.hosts))},
        {"Key", Text(certificate.keyAlgorithm)},
        {"Key usage", Text(list(certificate.keyUsages))},
        {"Extended key usage", Text(list(certificate.extendedKeyUsages))},
        {"Key file in an MSP", Text(certificate.keyIdentifier + "_sk")},
        {"Serial number", Text(certificate.serialHex)},
        {"Subject key id", Text(certificate.subjectKeyId)},
        {"Authority key id", Text(certificate.authorityKeyId)},
        {"Fingerprint", Text("SHA-256 " + certificate.fingerprint)},
    };
    for (const auto& [name, value] : certificate.attributes)
        fields.emplace_back("Attribute " + name, Text(value));
    out.fields(fields, 2);
}

Json toJson(const CertificateDescription& certificate, absl::Time now) {
    Json attributes = Json::object();
    for (const auto& [name, value] : certificate.attributes) attributes[name] = value;
    return {{"subject", certificate.subject},
            {"issuer", certificate.issuer},
            {"common_name", certificate.commonName},
            {"ou", certificate.organizationalUnits},
            {"roles", certificate.roles},
            {"is_ca", certificate.isCa},
            {"serial_hex", certificate.serialHex},
            {"not_before", rfc3339(certificate.notBefore)},
            {"not_after", rfc3339(certificate.notAfter)},
            {"valid_now", now >= certificate.notBefore && now <= certificate.notAfter},
            {"days_left", daysUntil(certificate.notAfter, now)},
            {"key_algorithm", certificate.keyAlgorithm},
            {"key_id", certificate.keyIdentifier},
            {"key_usage", certificate.keyUsages},
            {"extended_key_usage", certificate.extendedKeyUsages},
            {"hosts", certificate.hosts},
            {"attributes", std::move(attributes)},
            {"subject_key_id", certificate.subjectKeyId},
            {"authority_key_id", certificate.authorityKeyId},
            {"cert_sha256", certificate.fingerprint}};
}

}  // namespace

Help CertShowCommand::help() const {
    const std::string folder =
        "tests/data/vectors/msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp/"
        "signcerts/";
    return {
        .summary = "Read certificates: who, issued by whom, how long, in which role",
        .about =
            {"Takes PEM files with any number of certificates and DER files. The role is what the "
             "organizational units give in an organisation that uses Fabric's usual names; a role "
             "counts only "
             "if exactly one is named.",
             "Nothing is verified here: \"msp check\" tells what an organisation makes of a "
             "certificate."},
        .examples = {
            {"The certificate of a user", "cert show " + folder + "User1@alpha.pub.test-cert.pem"},
            {"When it ends, for a script",
             "cert show -o json " + folder + "User1@alpha.pub.test-cert.pem | grep not_after"}}};
}

void CertShowCommand::declare(CommandLine& line) {
    line.values({.names = "FILE",
                 .help = "Certificates in PEM or DER",
                 .kind = ValueKind::File,
                 .required = true},
                m_files);
}

ExitCode CertShowCommand::run(Session& session) {
    const absl::Time now = session.clock().now();
    Json array = Json::array();
    for (const auto& file : m_files) {
        const auto certificates = usecase::DescribeCertificate().run(file);
        if (!certificates.ok()) return session.fail(certificates.status());
        for (const CertificateDescription& certificate : *certificates) {
            if (session.wantsJson()) {
                array.push_back(toJson(certificate, now));
                array.back()["file"] = bytesToJson(file.string());
                continue;
            }
            session.out().blank();
            show(session.out(), certificate, now);
        }
    }
    if (session.wantsJson()) session.print(array);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
