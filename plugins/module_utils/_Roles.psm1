# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The probe of the roles for which a host must not restart together with others, and of the names by which the others are known.

Set-StrictMode -Version Latest

Function Read-Role {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    # The service of a cluster is disabled while the feature is installed on a machine that is in no cluster.
    $cluster = Get-ServiceStart -Name 'ClusSvc'
    $product = Get-RegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions' -Name 'ProductType'
    $facts = @{
        failover_cluster = $null -ne $cluster -and $cluster -ne 'disabled'
        cluster_name = $null
        domain_controller = [string]$product -eq 'LanmanNT'
        domain = $null
        directory_name = $null
        netlogon_site = $null
    }
    $Context.value = $facts
    try {
        # The cluster database is loaded while the service of the cluster runs, and only then.
        $facts.cluster_name = ConvertTo-CleanText -Value (Get-RegistryValue -Path 'HKLM:\Cluster' -Name 'ClusterName')
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'name of the failover cluster'
    }
    if (-not $facts.domain_controller) {
        return
    }
    try {
        $system = Get-CimValue -ClassName Win32_ComputerSystem -Property Domain
        $facts.domain = ConvertTo-CleanText -Value $system.Domain
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'domain of the domain controller'
    }
    try {
        # The name of the directory service itself has the site in it. Net Logon says it as well, a site that was set by hand before the one it found.
        $directory = 'HKLM:\SYSTEM\CurrentControlSet\Services\NTDS\Parameters'
        $netlogon = 'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters'
        $facts.directory_name = ConvertTo-CleanText -Value (Get-RegistryValue -Path $directory -Name 'Machine DN Name') -Maximum 500
        $site = Get-RegistryValue -Path $netlogon -Name 'SiteName'
        if (-not $site) {
            $site = Get-RegistryValue -Path $netlogon -Name 'DynamicSiteName'
        }
        $facts.netlogon_site = ConvertTo-CleanText -Value $site
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'site of the domain controller'
    }
}
