// Copyright: (c) 2026, winops.hotpatch contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace HotpatchDoubles
{
    /// <summary>The keys of the host under test, whatever the case of their names.</summary>
    public static class Hive
    {
        private static readonly Dictionary<string, Dictionary<string, object>> keys =
            new Dictionary<string, Dictionary<string, object>>(StringComparer.OrdinalIgnoreCase);

        public static readonly HashSet<string> Closed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

        public static string Normal(string path) { return path.Replace('/', '\\').Trim('\\'); }

        public static void Clear() { keys.Clear(); Closed.Clear(); }

        public static void AddKey(string path)
        {
            string key = Normal(path);
            while (key.Length > 0)
            {
                if (!keys.ContainsKey(key)) keys[key] = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
                int cut = key.LastIndexOf('\\');
                key = cut < 0 ? "" : key.Substring(0, cut);
            }
        }

        public static void SetValue(string path, string name, object value) { AddKey(path); keys[Normal(path)][name] = value; }

        // A key that may not be opened is there, for Test-Path of the real provider as well.
        public static bool Has(string path) { return Closed.Contains(Normal(path)) || keys.ContainsKey(Normal(path)); }

        public static Dictionary<string, object> Values(string path)
        {
            if (Closed.Contains(Normal(path))) throw new System.Security.SecurityException("Requested registry access is not allowed.");
            if (!Has(path)) throw new ItemNotFoundException("Cannot find path '" + path + "' because it does not exist.");
            return keys[Normal(path)];
        }
    }

    /// <summary>HKLM for reading: what Get-ItemProperty and Test-Path need, with the errors of the real provider.</summary>
    [CmdletProvider("Registry", ProviderCapabilities.None)]
    public sealed class RegistryProvider : NavigationCmdletProvider, IPropertyCmdletProvider
    {
        protected override Collection<PSDriveInfo> InitializeDefaultDrives()
        {
            return new Collection<PSDriveInfo> { new PSDriveInfo("HKLM", ProviderInfo, "HKEY_LOCAL_MACHINE", "", null) };
        }

        protected override bool IsValidPath(string path) { return true; }
        protected override bool ItemExists(string path) { return Hive.Has(path); }
        protected override bool IsItemContainer(string path) { return Hive.Has(path); }

        public void GetProperty(string path, Collection<string> names)
        {
            Dictionary<string, object> values;
            try { values = Hive.Values(path); }
            catch (System.Security.SecurityException e)
            {
                WriteError(new ErrorRecord(e, "System.Security.SecurityException", ErrorCategory.PermissionDenied, path));
                return;
            }
            var found = new PSObject();
            foreach (string name in names.Count > 0 ? names.ToList() : values.Keys.ToList())
            {
                object value;
                if (!values.TryGetValue(name, out value))
                {
                    var missing = new PSArgumentException("Property " + name + " does not exist at path " + path + ".");
                    WriteError(new ErrorRecord(missing, "System.Management.Automation.PSArgumentException", ErrorCategory.InvalidArgument, path));
                    return;
                }
                found.Properties.Add(new PSNoteProperty(name, value));
            }
            WritePropertyObject(found, path);
        }

        public object GetPropertyDynamicParameters(string path, Collection<string> names) { return null; }
        public void SetProperty(string path, PSObject value) { throw new InvalidOperationException("a payload wrote to the registry: " + path); }
        public object SetPropertyDynamicParameters(string path, PSObject value) { return null; }
        public void ClearProperty(string path, Collection<string> names) { throw new InvalidOperationException("a payload wrote to the registry: " + path); }
        public object ClearPropertyDynamicParameters(string path, Collection<string> names) { return null; }
    }

    /// <summary>Which statements of the payloads were executed.</summary>
    public static class Coverage
    {
        private static readonly HashSet<int> seen = new HashSet<int>();

        public static void Hit(int statement)
        {
            lock (seen)
            {
                if (seen.Add(statement))
                    System.IO.File.AppendAllText(Environment.GetEnvironmentVariable("HOTPATCH_COVERAGE"), statement + "\n");
            }
        }
    }

    /// <summary>An error of CIM: its HRESULT is in MessageId, not in HResult.</summary>
    public sealed class CimFailure : Exception
    {
        public CimFailure(string hresult, string message) : base(message) { MessageId = "HRESULT " + hresult; }
        public string MessageId { get; private set; }
    }
}
