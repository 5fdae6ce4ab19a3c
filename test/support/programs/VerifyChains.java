import java.io.FileInputStream;
import java.security.cert.*;
import java.util.*;

/** Validates chains by PKIX as Java's TLS does: VerifyChains ROOT CHAIN...; one line each, "ok" or why not. */
public class VerifyChains {
  public static void main(String[] files) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Certificate root = read(factory, files[0]).get(0);
    TrustAnchor anchor = new TrustAnchor((X509Certificate) root, null);
    for (int i = 1; i < files.length; i++) {
      PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
      parameters.setRevocationEnabled(false);
      CertPath path = factory.generateCertPath(new ArrayList<>(read(factory, files[i])));
      try {
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
        System.out.println("ok");
      } catch (CertPathValidatorException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  private static List<Certificate> read(CertificateFactory factory, String file) throws Exception {
    try (FileInputStream in = new FileInputStream(file)) {
      return new ArrayList<>(factory.generateCertificates(in));
    }
  }
}
