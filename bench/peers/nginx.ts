/*
 * nginx twice: as the article sets it up (Debian's own nginx.conf around a site without upstream keep-alive),
 * and tuned by somebody who knows it.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROXY_CORE, start, type Started } from "../machine.ts";
import { HOST, type Peer, type Stage, versionBy } from "../peer.ts";

const version = (): Promise<string> => versionBy(["nginx", "-v"], /nginx\/([\d.]+)/);

/** What must not be Debian's so that the system's nginx is left alone. */
const own = (dir: string): string => `
user root;
daemon off;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
`;
const temporary = (dir: string): string =>
  ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${dir}/${name};`)
    .join("\n");

/** The site as the article describes it (its own text is not at hand), in Debian's nginx.conf. */
export const articleNginx: Peer = {
  name: "nginx, the article's",
  hasHttp2: false,
  version,
  start: (stage) =>
    launch(
      stage,
      `${own(stage.dir)}
worker_processes auto;
events { worker_connections 768; }
http {
${temporary(stage.dir)}
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers on;
  access_log ${stage.dir}/access.log;
  gzip on;
  server {
    listen 127.0.0.1:${stage.port} ssl;
    server_name ${HOST};
    ssl_certificate ${stage.files.mkcertCert};
    ssl_certificate_key ${stage.files.mkcertKey};
    location / {
      proxy_pass http://127.0.0.1:${stage.appPort};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
    location /socket.io/ {
      proxy_pass http://127.0.0.1:${stage.appPort};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      proxy_set_header Host $host;
    }
  }
}
`,
    ),
};

export const tunedNginx: Peer = {
  name: "nginx, tuned",
  hasHttp2: true,
  version,
  start: (stage) => launch(stage, tuned(stage, [HOST])),
  routes: {
    start: (stage, hosts) => launch(stage, tuned(stage, hosts)),
    async add(stage, hosts, started) {
      await writeFile(join(stage.dir, "nginx.conf"), tuned(stage, hosts));
      process.kill(started.pid, "SIGHUP");
    },
  },
};

function tuned(stage: Stage, hosts: readonly string[]): string {
  return `${own(stage.dir)}
worker_processes 1;
worker_rlimit_nofile 30000;
events { worker_connections 15000; }
http {
${temporary(stage.dir)}
  access_log off;
  keepalive_requests 1000000;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:tls:10m;
  map_hash_max_size 32768;
  map_hash_bucket_size 128;
  upstream app {
    server 127.0.0.1:${stage.appPort};
    keepalive 64;
    keepalive_requests 1000000;
  }
  map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
  map $host $to { ${hosts.map((host) => `${host} app;`).join("\n")} }
  server {
    listen 127.0.0.1:${stage.port} ssl http2;
    server_name _;
    ssl_certificate ${stage.files.cert};
    ssl_certificate_key ${stage.files.key};
    location / {
      if ($to = "") { return 421; }
      proxy_pass http://$to;
      proxy_http_version 1.1;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_read_timeout 1h;
      proxy_request_buffering off;
      proxy_buffering on;
      proxy_max_temp_file_size 0;
      client_max_body_size 0;
    }
  }
}
`;
}

async function launch({ dir }: Stage, config: string): Promise<Started> {
  const path = join(dir, "nginx.conf");
  await writeFile(path, config);
  return start(["nginx", "-p", dir, "-c", path, "-e", join(dir, "error.log")], {
    core: PROXY_CORE,
  });
}
