//! What owners of mailboxes enter in their mail programs, for them and for the staff that helps them.

use super::sentences;

sentences! {
    client_settings: "Mail app settings" / "E-postinställningar";
    client_settings_for: "Mail app settings for" / "E-postinställningar för";
    settings_unknown:
        "No mail servers have been set up."
        / "Inga e-postservrar är inställda.";
    settings_unknown_admin:
        "Set at least these two in the panel’s environment, with your own servers, and start it again; README has the rest."
        / "Ange minst dessa två i panelens miljö, med era egna servrar, och starta om den; resten står i README.";
    settings_unknown_staff: "Ask the person who runs the panel." / "Fråga den som driver panelen.";
    values_to_enter: "Enter this" / "Fyll i detta";
    mail_user_name: "User name" / "Användarnamn";
    password_not_here:
        "The mailbox password; it is never shown here." / "E-postkontots lösenord; det visas aldrig här.";
    incoming_mail(protocol: &str): "Incoming mail ({protocol})" / "Inkommande e-post ({protocol})";
    outgoing_mail: "Outgoing mail (SMTP)" / "Utgående e-post (SMTP)";
    mail_server: "Server" / "Server";
    mail_port: "Port" / "Port";
    mail_security: "Security" / "Säkerhet";
    mail_sign_in: "Signing in" / "Inloggning";
    same_as_incoming:
        "Same user name and password as for incoming mail" / "Samma användarnamn och lösenord som för inkommande";
    webmail: "Webmail" / "Webbmejl";
    server_told(host: &str, port: u16, security: &str):
        "{host}, port {port}, {security}" / "{host}, port {port}, {security}";
    page_for_owner: "For the user" / "Till användaren";
    page_for_owner_lead:
        "Anyone can open this page. It shows servers only, no address or password."
        / "Vem som helst kan öppna sidan. Den visar bara servrar, ingen adress och inget lösenord.";
    qr_of_page: "QR code of the page’s address" / "QR-kod med sidans adress";
    copy_link: "Copy link" / "Kopiera länken";
    get_profile_of: "Profile for Apple devices" / "Profil för Apple-enheter";
    as_text: "As text" / "Som text";
    more_help(link: &str): "Help with setting up: {link}" / "Hjälp med inställningen: {link}";
    print_page: "Print" / "Skriv ut";
    open_client_settings: "Mail app settings (new tab)" / "E-postinställningar (ny flik)";
    caller_settings(link: &str):
        "The servers and ports to enter are at {link}" / "Servrar och portar att fylla i finns på {link}";

    email_settings: "Email settings" / "E-postinställningar";
    email_settings_lead:
        "For the mail program of your phone or computer." / "För e-postprogrammet i din telefon eller dator.";
    your_whole_address: "Your whole email address" / "Hela din e-postadress";
    your_email_password: "Your email password" / "Ditt e-postlösenord";
    for_apple: "iPhone, iPad and Mac" / "iPhone, iPad och Mac";
    for_apple_lead:
        "Open this page in Safari and download the profile; then install it under Settings. The device asks for your address and password."
        / "Öppna sidan i Safari och ladda ner profilen; installera den sedan under Inställningar. Enheten frågar efter din adress och ditt lösenord.";
    get_profile: "Download the profile" / "Ladda ner profilen";
    never_asked_here:
        "This page never asks for a password." / "Den här sidan frågar aldrig efter något lösenord.";
    profile_name(domain: &str): "Email at {domain}" / "E-post på {domain}";
    profile_about:
        "Servers and ports of your email. It holds no password; the device asks for it."
        / "Servrar och portar för din e-post. Den innehåller inget lösenord; enheten frågar efter det.";
}
