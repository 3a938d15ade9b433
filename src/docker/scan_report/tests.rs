use super::*;

const TRIVY: &str = r#"{"SchemaVersion":2,"CreatedAt":"2026-05-01T10:00:00.1+02:00","ArtifactName":"redis:7.2.3","ArtifactType":"container_image",
  "Results":[{"Target":"redis:7.2.3 (debian 12.4)","Class":"os-pkgs","Vulnerabilities":[
    {"VulnerabilityID":"CVE-2024-1","PkgName":"a","InstalledVersion":"1","FixedVersion":"2","Severity":"CRITICAL"},
    {"VulnerabilityID":"CVE-2024-2","PkgName":"b","InstalledVersion":"1","Severity":"HIGH"},
    {"VulnerabilityID":"CVE-2024-3","PkgName":"c","InstalledVersion":"1","FixedVersion":"","Severity":"HIGH"},
    {"VulnerabilityID":"CVE-2024-4","PkgName":"d","InstalledVersion":"1","FixedVersion":"2","Severity":"LOW"}]},
    {"Target":"usr/local/bin/gosu","Class":"lang-pkgs"}]}"#;

const SCOUT: &str = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"docker scout","rules":[
    {"id":"CVE-2024-1","properties":{"cvssV3_severity":"CRITICAL","security-severity":"9.8","fixed_version":"1.2"}},
    {"id":"CVE-2024-2","properties":{"cvssV3_severity":"HIGH","fixed_version":"not fixed"}},
    {"id":"CVE-2024-3","properties":{"security-severity":5.5}}]}},
  "results":[{"ruleId":"CVE-2024-1","message":{"text":"x"}},{"ruleId":"CVE-2024-2"},{"ruleId":"CVE-2024-3"}]}]}"#;

const SARIF_OF_TRIVY: &str = r#"{"runs":[{"tool":{"driver":{"name":"Trivy","rules":[{"id":"CVE-2024-1","properties":{"security-severity":"7.5"}}]}},
  "results":[{"ruleId":"CVE-2024-1","message":{"text":"Package: a\nInstalled Version: 1\nFixed Version: 2\nLink: x"}},
    {"ruleId":"CVE-2024-1","message":{"text":"Package: b\nFixed Version: \nLink: x"}}],
  "invocations":[{"endTimeUtc":"2026-05-01T10:00:00Z"}],"properties":{"imageName":"redis:7.2.3"}}]}"#;

fn count(all: u64, fixed: u64) -> Count {
    Count { all, fixed }
}

#[test]
fn what_three_scanners_write() {
    let on = Some(jiff::civil::date(2026, 5, 1));
    let image = Some("redis:7.2.3".to_owned());
    let table = [
        (TRIVY, Scan { image: image.clone(), on, critical: count(1, 1), high: count(2, 0) }),
        (SCOUT, Scan { image: None, on: None, critical: count(1, 1), high: count(1, 0) }),
        (SARIF_OF_TRIVY, Scan { image, on, critical: count(0, 0), high: count(2, 1) }),
    ];
    for (text, expected) in table {
        assert_eq!(read(text.as_bytes()), Ok(vec![expected]), "{text}");
    }
    let clean = r#"{"SchemaVersion":2,"ArtifactName":"a:1.0","Results":null}"#;
    assert_eq!(read(clean.as_bytes()).unwrap()[0].critical, count(0, 0));
}

#[test]
fn what_is_no_such_report() {
    for text in [
        "",
        "{}",
        "[]",
        "no JSON",
        r#"{"Results":[]}"#,
        r#"{"runs":[]}"#,
        r#"{"runs":[{"tool":{"driver":{"name":"envward"}},"results":[]}]}"#,
        TRIVY.get(..200).unwrap(),
    ] {
        assert_eq!(read(text.as_bytes()), Err(Unreadable), "{text}");
    }
}
