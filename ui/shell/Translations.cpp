#include "ui/shell/Translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

// Resources of a static library must be named once; outside of every namespace.
static void nameResources() {
    Q_INIT_RESOURCE(translations);
}

namespace chancery::ui {

Translations::Translations(QCoreApplication& application) : m_application(application) {
    nameResources();
}

Translations::~Translations() {
    m_application.removeTranslator(&m_own);
    m_application.removeTranslator(&m_qt);
}

void Translations::use(const QString& language) {
    const QString wanted = language == QLatin1String("zh_CN") ? language : QStringLiteral("en");
    if (wanted == m_language) return;
    m_language = wanted;
    const QLocale locale(wanted == QLatin1String("en") ? QLocale(QLocale::English)
                                                       : QLocale(wanted));
    QLocale::setDefault(locale);
    m_application.removeTranslator(&m_own);
    m_application.removeTranslator(&m_qt);
    // Of English only the plural forms are in there.
    if (m_own.load(QStringLiteral(":/translations/chancery_%1.qm").arg(wanted)))
        m_application.installTranslator(&m_own);
    if (wanted != QLatin1String("en") &&
        m_qt.load(QStringLiteral("qtbase_") + wanted,
                  QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        m_application.installTranslator(&m_qt);
    }
}

}  // namespace chancery::ui
