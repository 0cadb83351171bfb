#include "ui/app/Arguments.h"

#include <QCoreApplication>

namespace chancery::ui {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("Arguments", source);
}

}  // namespace

QString usage() {
    return text(QT_TRANSLATE_NOOP(
        "Arguments",
        "Usage: chancery [OPTIONS] [LINK]\n"
        "\n"
        "  --ledger PATH…         open the ledger in these files or folders and verify it\n"
        "  --network FOLDER       start the network in this folder and watch it\n"
        "  --demo                 make and start a demo network with sample traffic\n"
        "  --language en|zh       language, kept for later starts\n"
        "  --theme light|dark|system\n"
        "                         colours, kept for later starts\n"
        "  --workspace FOLDER     settings, index and log of another workspace\n"
        "  --version, --help\n"
        "\n"
        "LINK is a chancery:// address. Without a display the console starts chanceryctl.\n"));
}

Arguments parseArguments(const QStringList& arguments) {
    Arguments parsed;
    qsizetype i = 0;
    const auto value = [&](QString& into) {
        if (i + 1 < arguments.size()) {
            into = arguments[++i];
        } else {
            parsed.error =
                text(QT_TRANSLATE_NOOP("Arguments", "%1 needs a value")).arg(arguments[i]);
        }
    };
    for (; i < arguments.size() && parsed.error.isEmpty(); ++i) {
        const QString& argument = arguments[i];
        if (argument == QLatin1String("--help") || argument == QLatin1String("-h")) {
            parsed.help = true;
        } else if (argument == QLatin1String("--version")) {
            parsed.version = true;
        } else if (argument == QLatin1String("--ledger")) {
            while (i + 1 < arguments.size() && !arguments[i + 1].startsWith(QLatin1String("--")))
                parsed.ledger.append(arguments[++i]);
            if (parsed.ledger.isEmpty())
                parsed.error =
                    text(QT_TRANSLATE_NOOP("Arguments", "%1 needs a value")).arg(argument);
        } else if (argument == QLatin1String("--language")) {
            value(parsed.language);
            if (parsed.language == QLatin1String("zh")) parsed.language = QStringLiteral("zh_CN");
            if (parsed.language != QLatin1String("en") && parsed.language != QLatin1String("zh_CN"))
                parsed.error = text(QT_TRANSLATE_NOOP("Arguments", "the languages are en and zh"));
        } else if (argument == QLatin1String("--theme")) {
            value(parsed.theme);
            const QStringList themes{QStringLiteral("light"), QStringLiteral("dark"),
                                     QStringLiteral("system")};
            if (!themes.contains(parsed.theme))
                parsed.error =
                    text(QT_TRANSLATE_NOOP("Arguments", "the themes are light, dark and system"));
        } else if (argument == QLatin1String("--workspace")) {
            value(parsed.workspace);
        } else if (argument == QLatin1String("--network")) {
            value(parsed.network);
        } else if (argument == QLatin1String("--demo")) {
            parsed.demo = true;
        } else if (argument.startsWith(QLatin1String("chancery://"))) {
            parsed.link = argument;
        } else {
            parsed.error = text(QT_TRANSLATE_NOOP("Arguments", "%1 is no option of this program"))
                               .arg(argument);
        }
    }
    return parsed;
}

}  // namespace chancery::ui
