// From the claims of an assertion to an Auth0 profile (facts/auth0.md, section 3: default mapping, fieldsMap).

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const NAME_ID = `${CLAIMS}/nameidentifier`;

const DEFAULTS = {
  user_id: [NAME_ID, `${CLAIMS}/upn`, `${CLAIMS}/name`],
  email: [`${CLAIMS}/emailaddress`],
  name: [`${CLAIMS}/name`],
  given_name: [`${CLAIMS}/givenname`],
  family_name: [`${CLAIMS}/surname`],
};

function userIdSources({ fieldsMap, user_id_attribute: attribute }) {
  return [attribute, ...[fieldsMap?.user_id ?? DEFAULTS.user_id].flat()].filter(Boolean);
}

/**
 * @param {object} connection with its options
 * @param {object} claims attribute values by name, as the SAML library gives them
 * @returns {object|null} user_id and the mapped fields that have a value; null when nothing identifies the user
 */
export function mapProfile(connection, claims) {
  const sources = { ...DEFAULTS, ...connection.options.fieldsMap, user_id: userIdSources(connection.options) };
  const profile = {};
  for (const [field, names] of Object.entries(sources)) {
    const name = [names].flat().find((candidate) => claims[candidate] !== undefined && claims[candidate] !== "");
    if (name !== undefined) profile[field] = claims[name];
  }
  if (typeof profile.user_id !== "string") return null;
  return { ...profile, user_id: `samlp|${connection.name}|${profile.user_id}` };
}
